import { StoreError } from '../store-error.js';
import type { JsonValue } from '../result-digest.js';
import type { ReadTx, Tx } from '../sql/tx.js';

const MAINTENANCE = 'maintenance';
const MAINTENANCE_MESSAGE = 'maintenance_message';
/** Characters of the operator's message at most. */
export const LONGEST_MESSAGE = 500;

const MASTER_KEY_ID = 'master_key_id';
const QUEUES = 'queues_in_force';

/** The value of a setting; null when it was never set. */
export async function get(tx: ReadTx, key: string): Promise<string | null> {
  const [row] = await tx.rows<{ value: string }>('SELECT s.value FROM setting s WHERE s.key = $1', [key]);
  return row?.value ?? null;
}

/** Sets a setting, new or not. */
export async function set(tx: Tx, key: string, value: string): Promise<void> {
  await tx.run(
    `INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    [key, value, tx.now()],
  );
}

/** Whether the installation is closed for maintenance, and what players are told of it. */
export interface Maintenance {
  readonly on: boolean;
  /** A sentence of the operator's; null when there is none. */
  readonly message: string | null;
}

/** Whether the installation is closed for maintenance. */
export async function maintenance(tx: ReadTx): Promise<boolean> {
  return (await get(tx, MAINTENANCE)) === 'on';
}

/** The same with the operator's message, which counts only while it is closed. */
export async function maintenanceNotice(tx: ReadTx): Promise<Maintenance> {
  const rows = await tx.rows<{ key: string; value: string }>(
    'SELECT s.key, s.value FROM setting s WHERE s.key IN ($1, $2)',
    [MAINTENANCE, MAINTENANCE_MESSAGE],
  );
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const on = values.get(MAINTENANCE) === 'on';
  const message = values.get(MAINTENANCE_MESSAGE) ?? '';
  return { on, message: on && message !== '' ? message : null };
}

/**
 * Opens or closes the installation. @param message what players are told meanwhile; it ends with the maintenance, and with
 * the next call
 * @throws StoreError `invalid_value` for one of more than {@link LONGEST_MESSAGE} characters
 */
export async function setMaintenance(tx: Tx, on: boolean, message = ''): Promise<void> {
  if ([...message].length > LONGEST_MESSAGE) {
    throw new StoreError('invalid_value', `a maintenance message has at most ${LONGEST_MESSAGE} characters`);
  }
  await set(tx, MAINTENANCE, on ? 'on' : 'off');
  await set(tx, MAINTENANCE_MESSAGE, on ? message : '');
}

/** The master key under which certificates are valid; null before the first was made. */
export function masterKeyId(tx: ReadTx): Promise<string | null> {
  return get(tx, MASTER_KEY_ID);
}

/** Notes which master key is in force. */
export function setMasterKeyId(tx: Tx, id: string): Promise<void> {
  return set(tx, MASTER_KEY_ID, id);
}

/** The queues as the masters run them, for those who only look; null before the first start. */
export async function queuesInForce(tx: ReadTx): Promise<JsonValue> {
  const text = await get(tx, QUEUES);
  return text === null ? null : (JSON.parse(text) as JsonValue);
}

/** Tells those who only look how the masters run the queues; a master does at its start. */
export function setQueuesInForce(tx: Tx, queues: JsonValue): Promise<void> {
  return set(tx, QUEUES, JSON.stringify(queues));
}

/** When a setting was last written, ms; null if never. */
export async function changedAt(tx: ReadTx, key: string): Promise<number | null> {
  const [row] = await tx.rows<{ changedAt: number }>(
    'SELECT s.changed_at AS "changedAt" FROM setting s WHERE s.key = $1',
    [key],
  );
  return row?.changedAt ?? null;
}
