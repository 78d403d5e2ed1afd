import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type sqlite3 from 'sqlite3';

/** The driver that the store brings: what somebody with the database's file could use. */
const driver = createRequire(fileURLToPath(new URL('../../../libs/store/package.json', import.meta.url)))(
  'sqlite3',
) as typeof sqlite3;

/** A database file, written past the store. */
export class DatabaseFile {
  constructor(private readonly path: string) {}

  run(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const database = new driver.Database(this.path);
      database.exec(sql, (error) => database.close(() => (error ? reject(error) : resolve())));
    });
  }
}
