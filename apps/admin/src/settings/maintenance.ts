import { settings, type ReadTx } from '@ranked/store';
import type { MaintenanceView } from '../api/contract.js';

/** The row that the switch is in. */
const SWITCH = 'maintenance';

/** Whether the installation is closed for maintenance, and what players are told. */
export async function maintenanceOf(tx: ReadTx): Promise<MaintenanceView> {
  const { on, message } = await settings.maintenanceNotice(tx);
  return { on, message, since: await settings.changedAt(tx, SWITCH) };
}
