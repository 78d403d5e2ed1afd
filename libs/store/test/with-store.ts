import type { Store, StoreTarget } from '../src/index.js';
import { freshDatabase, open, START, TestClock, type DialectName } from './databases.js';
import { aServer } from './fixtures.js';

/** What the tests of one file share. */
export interface SuiteParts {
  readonly store: Store;
  readonly target: StoreTarget;
  readonly clock: TestClock;
  /** Id of a game server that is present and has room for a thousand. */
  readonly server: string;
}

/** Opens a store over a fresh database for all tests of a suite, and sets its clock back before each. @param use is handed the parts */
export function withStore(dialect: DialectName, use: (parts: SuiteParts) => void): void {
  const clock = new TestClock();
  let close: () => Promise<void>;

  beforeAll(async () => {
    const database = await freshDatabase(dialect);
    const store = await open(database.target, { now: clock.now });
    close = async () => {
      await store.close();
      await database.drop();
    };
    use({ store, target: database.target, clock, server: await aServer(store, { capacity: 1000 }) });
  });
  beforeEach(() => {
    clock.ms = START;
  });
  afterAll(() => close());
}
