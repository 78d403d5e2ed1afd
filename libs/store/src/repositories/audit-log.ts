import { createHmac } from 'node:crypto';
import type { AuditMark } from '../audit-mark.js';
import type { AuditEntry, AuditResult } from '../entities/audit-entry.js';
import type { JsonValue } from '../result-digest.js';
import { columnList } from '../sql/snake-naming.js';
import { StoreError } from '../store-error.js';
import type { SqlParameter } from '../sql/connection.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { oneLine, plainDetail } from './audit-text.js';

const HEAD = 'audit_head';
const NAMES = [
  'id',
  'at',
  'address',
  'actor',
  'action',
  'target',
  'result',
  'detail',
  'count',
  'mac',
] as const;
const PAGE = 1_000;

/** What is told of something that happened; id, time and MAC are added. */
export interface NewAuditEntry {
  /** The IP address that it came from. */
  readonly address: string;
  /** Name of the operator's certificate; null when there was none that counts. */
  readonly actor: string | null;
  /** `player.ban` */
  readonly action: string;
  /** What it is done to, for people. */
  readonly target: string;
  readonly result: AuditResult;
  readonly detail?: Readonly<Record<string, JsonValue>>;
  /** So many alike, told as one; 1 unless said. */
  readonly count?: number;
}

/** The end of the chain: how many rows there are, the MAC of the last, and a MAC over both, so that no row can be cut off. */
interface Head {
  readonly count: number;
  readonly mac: string;
  readonly seal: string;
}

type RawEntry = Omit<AuditEntry, 'detail'> & { readonly detail: string };

/**
 * Adds a row to the log, in the transaction of what it tells of: neither is there without the other. Control characters
 * are escaped and long texts cut. Rows are written one after another: the end of the chain is locked until the commit.
 * @param seen a row that must be there
 * @throws StoreError `audit_broken` when the chain's end was tampered with, or the row that was seen is not there: nothing may happen
 *   unseen then, see {@link reseal}
 */
export async function append(
  tx: Tx,
  entry: NewAuditEntry,
  seen: AuditMark | null = null,
): Promise<AuditEntry> {
  const head = await lockedHead(tx);
  if (head === 'broken' || !(await isThere(tx, seen))) {
    throw new StoreError(
      'audit_broken',
      'the audit log was tampered with: its end is missing or not as it was written, or it was put back to an older state',
    );
  }
  return write(tx, head, entry);
}

/**
 * Goes on after a chain that was tampered with: the entry follows the last row there is. What was changed or removed before
 * stays named by {@link verify}.
 */
export async function reseal(tx: Tx, entry: NewAuditEntry): Promise<AuditEntry> {
  await lockedHead(tx);
  const [last] = await tx.rows<{ id: number; mac: string }>(
    'SELECT a.id, a.mac FROM audit_entry a ORDER BY a.id DESC LIMIT 1',
  );
  return write(tx, { count: last?.id ?? 0, mac: last?.mac ?? '' }, entry);
}

/** Rows that match, newest first, 100 unless said; `before` is the id of the last row of the page before. */
export async function list(
  tx: ReadTx,
  wanted: {
    limit?: number;
    before?: number;
    /** For following the log: rows with a greater id. */
    after?: number;
    actor?: string;
    /** An action, or its part before the dot. */
    action?: string;
    result?: AuditResult;
    /** Text in target or detail, in any case of A to Z. */
    contains?: string;
    from?: number;
    to?: number;
  } = {},
): Promise<AuditEntry[]> {
  const parameters: SqlParameter[] = [wanted.before ?? Number.MAX_SAFE_INTEGER, wanted.limit ?? 100];
  const conditions = ['a.id < $1'];
  const add = (condition: (name: string) => string, value: SqlParameter | undefined): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  add((p) => `a.id > ${p}`, wanted.after);
  add((p) => `a.actor = ${p}`, wanted.actor);
  add((p) => `(a.action = ${p} OR substr(a.action, 1, length(${p}) + 1) = ${p} || '.')`, wanted.action);
  add((p) => `a.result = ${p}`, wanted.result);
  add(
    (p) => `lower(a.target || ' ' || a.detail) LIKE lower(${p}) ESCAPE '\\'`,
    wanted.contains === undefined ? undefined : `%${escapeLike(wanted.contains)}%`,
  );
  add((p) => `a.at >= ${p}`, wanted.from);
  add((p) => `a.at < ${p}`, wanted.to);
  const rows = await tx.rows<RawEntry>(
    `SELECT ${columnList('a', NAMES)} FROM audit_entry a WHERE ${conditions.join(' AND ')}
     ORDER BY a.id DESC LIMIT $2`,
    parameters,
  );
  return rows.map(parsed);
}

/** The first thing that is wrong with the log. */
export interface AuditFault {
  /** The row that is wrong, or the first that is missing. */
  readonly id: number;
  readonly kind: 'changed' | 'removed' | 'inserted' | 'truncated';
  /** A sentence for people. */
  readonly text: string;
}

/**
 * Checks every row. It reads page by page with `read`, so that neither a transaction nor memory grows with the log.
 * That the log was put back to an older state, its end included, cannot be seen from inside.
 * @param seen a row that somebody saw and noted elsewhere: then it can
 */
export async function verify(
  read: <T>(fn: (tx: ReadTx) => Promise<T>) => Promise<T>,
  seen: AuditMark | null = null,
): Promise<{ readonly checked: number; readonly fault: AuditFault | null }> {
  // The last id first, the head after it: rows that come in meanwhile are beyond the one and within the other.
  const last = await read(async (tx) => {
    const [row] = await tx.rows<{ id: number }>('SELECT coalesce(max(a.id), 0) AS id FROM audit_entry a');
    return row?.id ?? 0;
  });
  const head = await read((tx) => headOf(tx));
  let previous = { id: 0, mac: '' };
  const result = (fault: AuditFault | null) => ({ checked: previous.id, fault });
  for (;;) {
    const { id: after } = previous;
    const fault = await read(async (tx): Promise<AuditFault | 'end' | null> => {
      const rows = await tx.rows<RawEntry>(
        `SELECT ${columnList('a', NAMES)} FROM audit_entry a WHERE a.id > $1 AND a.id <= $2 ORDER BY a.id LIMIT ${PAGE}`,
        [after, last],
      );
      for (const row of rows) {
        const found = faultOf(tx, row, previous);
        if (found !== null) return found;
        previous = { id: row.id, mac: row.mac };
      }
      return rows.length < PAGE ? 'end' : null;
    });
    if (fault === 'end') break;
    if (fault !== null) return result(fault);
  }
  const present = seen !== null && seen.id <= previous.id && (await read((tx) => isThere(tx, seen)));
  return result(
    faultAtEnd(head, previous) ?? (seen === null || present ? null : faultOfSeen(seen, previous.id)),
  );
}

async function isThere(tx: ReadTx, seen: AuditMark | null): Promise<boolean> {
  if (seen === null) return true;
  const rows = await tx.rows('SELECT 1 AS there FROM audit_entry a WHERE a.id = $1 AND a.mac = $2', [
    seen.id,
    seen.mac,
  ]);
  return rows.length > 0;
}

/** The chain is whole, and yet a row is not there that once was. */
function faultOfSeen({ id }: AuditMark, last: number): AuditFault {
  return last < id
    ? {
        id: last + 1,
        kind: 'truncated',
        text: `the log was put back to an older state: it had ${id} rows or more and has ${last}`,
      }
    : {
        id,
        kind: 'removed',
        text: `the log was put back to an older state and went on: row ${id} is not the one that was written`,
      };
}

function faultOf(tx: ReadTx, row: RawEntry, previous: { id: number; mac: string }): AuditFault | null {
  if (row.id !== previous.id + 1) {
    return { id: previous.id + 1, kind: 'removed', text: `row ${previous.id + 1} was removed` };
  }
  const { mac, ...rest } = row;
  if (macOf(tx, rest, previous.mac) === mac) return null;
  return {
    id: row.id,
    kind: 'changed',
    text: `row ${row.id} is not as it was written, or the one before it is another`,
  };
}

function faultAtEnd(
  head: Omit<Head, 'seal'> | 'broken',
  last: { id: number; mac: string },
): AuditFault | null {
  if (head === 'broken') {
    return {
      id: last.id + 1,
      kind: 'truncated',
      text: `the end of the log was tampered with after row ${last.id}`,
    };
  }
  if (head.count > last.id) {
    const gone = head.count - last.id;
    return {
      id: last.id + 1,
      kind: 'truncated',
      text: `row ${last.id + 1} and all after it (${gone}) were removed`,
    };
  }
  if (head.count < last.id || head.mac !== last.mac) {
    return {
      id: head.count + 1,
      kind: 'inserted',
      text: `row ${head.count + 1} was not written by this program`,
    };
  }
  return null;
}

async function write(tx: Tx, head: Omit<Head, 'seal'>, entry: NewAuditEntry): Promise<AuditEntry> {
  const row = {
    id: head.count + 1,
    at: tx.now(),
    address: oneLine(entry.address, 64),
    actor: entry.actor === null ? null : oneLine(entry.actor, 64),
    action: oneLine(entry.action, 64),
    target: oneLine(entry.target, 200),
    result: entry.result,
    detail: plainDetail(entry.detail ?? {}),
    count: entry.count ?? 1,
  };
  const mac = macOf(tx, row, head.mac);
  await tx.run(
    `INSERT INTO audit_entry (id, at, address, actor, action, target, result, detail, count, mac)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [row.id, row.at, row.address, row.actor, row.action, row.target, row.result, row.detail, row.count, mac],
  );
  await setHead(tx, row.id, mac);
  return parsed({ ...row, mac });
}

/** The head, locked until the commit; an empty log gets its first one. */
async function lockedHead(tx: Tx): Promise<Omit<Head, 'seal'> | 'broken'> {
  // An empty log whose head is there only as a lock: of two first rows on PostgreSQL one waits for the other.
  await tx.run(
    `INSERT INTO setting (key, value, changed_at)
     SELECT '${HEAD}', '', CAST($1 AS bigint) WHERE NOT EXISTS (SELECT 1 FROM audit_entry) ON CONFLICT DO NOTHING`,
    [tx.now()],
  );
  return headOf(tx, tx.dialect.forUpdate);
}

async function headOf(tx: ReadTx, lock = ''): Promise<Omit<Head, 'seal'> | 'broken'> {
  const [row] = await tx.rows<{ value: string }>(
    `SELECT s.value FROM setting s WHERE s.key = '${HEAD}'${lock}`,
  );
  const [any] = await tx.rows('SELECT 1 AS there FROM audit_entry LIMIT 1');
  if (row === undefined || row.value === '') return any === undefined ? { count: 0, mac: '' } : 'broken';
  const [, count, mac = '', seal] = /^(\d{1,15}) ([0-9a-f]{64}) ([0-9a-f]{64})$/.exec(row.value) ?? [];
  if (seal !== sealOf(tx, Number(count), mac)) return 'broken';
  return { count: Number(count), mac };
}

async function setHead(tx: Tx, count: number, mac: string): Promise<void> {
  await tx.run(
    `INSERT INTO setting (key, value, changed_at) VALUES ('${HEAD}', $1, $2)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    [`${count} ${mac} ${sealOf(tx, count, mac)}`, tx.now()],
  );
}

function macOf(tx: ReadTx, row: Omit<RawEntry, 'mac'>, previous: string): string {
  const { id, at, address, actor, action, target, result, detail, count } = row;
  const fields = [previous, id, at, address, actor, action, target, result, detail, count];
  return hmac(tx, 'row', JSON.stringify(fields));
}

function sealOf(tx: ReadTx, count: number, mac: string): string {
  return hmac(tx, 'head', JSON.stringify([count, mac]));
}

/** Under a key that comes from the database key: whoever can only write to the database cannot make one. */
function hmac(tx: ReadTx, purpose: 'row' | 'head', text: string): string {
  return createHmac('sha256', tx.sealer.derive('audit log', purpose)).update(text).digest('hex');
}

function parsed(row: RawEntry): AuditEntry {
  return { ...row, detail: JSON.parse(row.detail) as JsonValue };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
