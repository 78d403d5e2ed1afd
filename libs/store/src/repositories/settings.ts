import type { ReadTx, Tx } from '../sql/tx.js';

const MAINTENANCE = 'maintenance';
const MASTER_KEY_ID = 'master_key_id';

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

/** Whether the installation is closed for maintenance. */
export async function maintenance(tx: ReadTx): Promise<boolean> {
  return (await get(tx, MAINTENANCE)) === 'on';
}

export function setMaintenance(tx: Tx, on: boolean): Promise<void> {
  return set(tx, MAINTENANCE, on ? 'on' : 'off');
}

/** The master key under which certificates are valid; null before the first was made. */
export function masterKeyId(tx: ReadTx): Promise<string | null> {
  return get(tx, MASTER_KEY_ID);
}

export function setMasterKeyId(tx: Tx, id: string): Promise<void> {
  return set(tx, MASTER_KEY_ID, id);
}
