import type { MaintenanceView } from './overview.js';
import type { QueueConfigView } from './queues.js';

/** `GET /api/settings` */
export interface SettingsView {
  /** As the masters run them (they are changed in the queues file, not here). */
  queues: QueueConfigView[];
  maintenance: MaintenanceView;
  addresses: AddressListView;
  version: string;
}

/** Who may connect to the dashboard at all. */
export interface AddressListView {
  /** From `RANKED_ADMIN_ALLOW`; always allowed. */
  fixed: string[];
  /** Added here. */
  entries: AddressEntry[];
  /** The address that asks. */
  own: string;
  /** Whether the kernel drops the others' SYN; else their connections are reset at accept. `reason` says why not. */
  kernelFilter: { active: boolean; reason: string | null };
}

export interface AddressEntry {
  /** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
  address: string;
  /** 0 to 100 characters. */
  note: string;
}

/** `PUT /api/settings/maintenance` → `ActionResult`. Impact: players who wait. */
export interface MaintenanceBody {
  on: boolean;
  /** For players, 0 to 200 characters. */
  message?: string;
}

/**
 * `PUT /api/settings/addresses` → `ActionResult`: replaces the entries. Connections that are no longer on the list end at
 * once. 409 `would-lock-out` when the asking address would be left out, unless `force`.
 */
export interface AddressesBody {
  /** 256 at most. */
  entries: AddressEntry[];
  force?: boolean;
}
