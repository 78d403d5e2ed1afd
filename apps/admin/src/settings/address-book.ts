import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { settings, type ReadTx, type Store, type Tx } from '@ranked/store';
import type { AddressEntry, AddressListView } from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { AdminConfig } from '../config/admin-config.js';
import { AddressGate } from '../gate/address-gate.js';
import { AddressList, parseAddressRange, type AddressRange } from '../gate/address-list.js';
import { Problem } from '../http/problem.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';

const KEY = 'admin_addresses';
/** Entries of the list in the database. */
export const MAX_ENTRIES = 150;

/**
 * The address list as it stands in the settings and in the database, and the gate that keeps to it. The list in the database has a
 * MAC in front: who can only write there cannot let himself in, and opens nothing but the settings' own addresses.
 */
@Injectable()
export class AddressBook {
  private inForce: string | null = null;

  constructor(
    @Inject(STORE) private readonly stored: Store,
    private readonly config: AdminConfig,
    private readonly gate: AddressGate,
    private readonly auditor: Auditor,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async view(own: string): Promise<AddressListView> {
    const entries = await this.stored.read(async (tx) => opened(tx, await settings.get(tx, KEY)));
    const { active, reason } = this.gate.kernelFilter;
    return {
      fixed: this.config.allowText,
      entries: entriesOf(entries),
      own,
      kernelFilter: { active, reason },
    };
  }

  /** @throws Problem `validation` that names the entries that are none */
  parse(entries: readonly AddressEntry[]): AddressRange[] {
    const errors: { field: string; message: string }[] = [];
    const ranges = entries.flatMap(({ address }, index) => {
      const range = parseAddressRange(address);
      if (!range)
        errors.push({ field: `entries.${index}.address`, message: 'must be an address or a CIDR range' });
      return range ? [range] : [];
    });
    if (errors.length > 0)
      throw new Problem('validation', 'See "errors" for what is not acceptable.', { errors });
    return ranges;
  }

  /** Whether an address could connect if these were the entries. */
  wouldAllow(ranges: readonly AddressRange[], address: string): boolean {
    return new AddressList([...this.config.allow, ...ranges]).allows(address);
  }

  /** Writes the entries; false if they were there already. */
  async store(tx: Tx, entries: readonly AddressEntry[]): Promise<boolean> {
    const text = sealed(tx, JSON.stringify(entries));
    if ((await settings.get(tx, KEY)) === text) return false;
    await settings.set(tx, KEY, text);
    return true;
  }

  /** Brings the gate to the list in the database, whoever wrote it. To be called every second. */
  async follow(): Promise<void> {
    const { text, entries } = await this.stored.read(async (tx) => {
      const text = await settings.get(tx, KEY);
      return { text, entries: text === this.inForce ? '' : opened(tx, text) };
    });
    if (text === this.inForce) return;
    const ranges = entriesOf(entries).flatMap(({ address }) => parseAddressRange(address) ?? []);
    this.gate.replace([...this.config.allow, ...ranges].slice(0, this.config.allow.length + MAX_ENTRIES));
    this.inForce = text;
    this.log.info({ entries: ranges.length }, 'the address list changed');
    if (text === null || entries !== null) return;
    await this.auditor.refused({
      address: 'local',
      actor: null,
      action: 'settings.refuse',
      target: 'an address list that no dashboard wrote',
      detail: {},
    });
  }
}

/** A list as it is stored: its MAC under a key that comes from the database key, and its text. */
function sealed(tx: ReadTx, text: string): string {
  return `${macOf(tx, text)} ${text}`;
}

/** The text of a stored list; null if there is none, or no dashboard wrote it. */
function opened(tx: ReadTx, stored: string | null): string | null {
  const [, mac = '', text = ''] = /^([0-9a-f]{64}) (.*)$/s.exec(stored ?? '') ?? [];
  if (mac === '' || !timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(tx, text)))) return null;
  return text;
}

function macOf(tx: ReadTx, text: string): string {
  return createHmac('sha256', tx.sealer.derive('admin settings', KEY)).update(text).digest('hex');
}

/** What is no list of entries is an empty one: then only the settings' own addresses count. */
function entriesOf(text: string | null): AddressEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isEntry) : [];
}

function isEntry(value: unknown): value is AddressEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'address' in value &&
    typeof value.address === 'string' &&
    'note' in value &&
    typeof value.note === 'string'
  );
}
