// A process of its own with the store open, for processes.test.ts. Arguments: compiled index, target, task, number.
import { pathToFileURL } from 'node:url';

const [index, target, task, number] = process.argv.slice(2);
const { openStore, settings } = await import(pathToFileURL(index).href);
const store = await openStore(JSON.parse(target), { databaseKey: Buffer.alloc(32, 7), now: Date.now });
const say = (line) => process.stdout.write(`${line}\n`);

const tasks = {
  /** Adds one to a sum, again and again: what is lost if two processes write at once. */
  async add() {
    for (let n = 0; n < Number(number); n += 1) {
      const job = async (tx) => {
        const [row] = await tx.rows(`SELECT value FROM setting WHERE key = 'sum'${tx.dialect.forUpdate}`);
        await settings.set(tx, 'sum', String(Number(row.value) + 1));
      };
      await (n % 2 === 0 ? store.write('add', job) : store.writeGrouped('add', job));
    }
    await store.close();
    say('done');
  },
  /** Writes two rows per transaction and says each number after its commit, until it is killed. */
  async pairs() {
    for (let n = 1; ; n += 1) {
      await store.writeGrouped('pair', async (tx) => {
        await settings.set(tx, 'left', String(n));
        await settings.set(tx, 'right', String(n));
      });
      say(n);
    }
  },
  /** Stops in the middle of a transaction and stays there. */
  async hang() {
    await store.write('half', async (tx) => {
      await settings.set(tx, 'half', '1');
      say('inside');
      await new Promise((resolve) => setTimeout(resolve, 1e9));
    });
  },
};

say('open');
await tasks[task]();
