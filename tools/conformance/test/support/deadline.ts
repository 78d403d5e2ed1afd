/**
 * How long anything that must happen may take on a busy machine, ms. It decides when a test gives up, never what it says; less than the
 * time limits of the tests, so that it is told what did not happen.
 */
export const PATIENCE_MS = 45_000;

/** The promise, or an Error that names what did not happen in time. */
export async function within<T>(what: string, promise: Promise<T>, ms: number = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at something that sends no event, such as rows, until `probe` gives a value. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  ms: number = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
