/** Where the process is in its life. */
export type LifecycleState = 'starting' | 'ready' | 'draining';

/** The one place that knows whether the master takes work. */
export class Lifecycle {
  private current: LifecycleState = 'starting';

  get state(): LifecycleState {
    return this.current;
  }

  /** All listeners are open. */
  markReady(): void {
    if (this.current === 'starting') this.current = 'ready';
  }

  /** The end has begun; there is no way back. */
  markDraining(): void {
    this.current = 'draining';
  }
}
