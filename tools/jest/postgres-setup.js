import { startPostgres } from './postgres-cluster.js';

/** One cluster for the whole run; its address reaches the test files through the environment. */
export default async function globalSetup() {
  const cluster = await startPostgres();
  process.env['RANKED_TEST_POSTGRES'] = cluster.url('');
  globalThis.stopPostgres = () => cluster.stop();
}
