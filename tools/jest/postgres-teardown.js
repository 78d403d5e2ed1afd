/** Stops what the set-up started; both run in the same process. */
export default async function globalTeardown() {
  await globalThis.stopPostgres?.();
}
