/** Does something again and again, with a pause after each time; it never overlaps itself. */
export class RepeatedTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;

  /**
   * @param pauseMs from the end of one time to the beginning of the next
   * @param onError hears of a time that failed; the next one comes all the same
   */
  constructor(
    private readonly pauseMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.schedule();
  }

  /** Resolves when the time that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.once();
    }, this.pauseMs);
  }

  private async once(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.onError(error);
    }
    this.running = undefined;
    if (!this.stopped) this.schedule();
  }
}
