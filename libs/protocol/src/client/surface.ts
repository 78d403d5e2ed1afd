/**
 * Calls what belongs to the application. What it throws is the application's own error: it surfaces as an uncaught
 * exception or rejection, and the connection, in the middle of whose work it happened, goes on.
 */
export function surface(action: () => void | Promise<void>): void {
  try {
    const outcome = action();
    if (outcome instanceof Promise) {
      outcome.catch((error: unknown) => {
        queueMicrotask(() => {
          throw error;
        });
      });
    }
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
