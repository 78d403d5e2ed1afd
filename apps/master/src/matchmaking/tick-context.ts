import type { Tx } from '@ranked/store';
import type { RandomSource } from '../clock/clock.js';
import type { MasterConfig } from '../config/master-config.js';
import type { QueueModel } from '../config/queue-models.js';
import type { ServerFaults } from './server-faults.js';
import type { TickInputs } from './tick-inputs.js';
import type { TickOutcome } from './tick-outcome.js';

/** What every step of a tick gets: the open transaction, and where it notes what it did. */
export interface TickContext {
  readonly tx: Tx;
  /** Unix ms, the same for all steps. */
  readonly now: number;
  /** How many ticks there were before this one. */
  readonly number: number;
  readonly config: MasterConfig;
  readonly queues: readonly QueueModel[];
  readonly random: RandomSource;
  readonly faults: ServerFaults;
  /** Whether the installation is closed for maintenance: nothing new begins. */
  readonly maintenance: boolean;
  /** Id of the master key under which certificates count. */
  readonly masterKeyId: string;
  readonly inputs: TickInputs;
  readonly outcome: TickOutcome;
  /** False in the first moments of this process, in which game servers have not had the time to come back. */
  readonly serversSettled: boolean;
  /** The same for players. */
  readonly playersSettled: boolean;
  /** Whether it is time again to look for stale queue entries. */
  readonly sweeps: boolean;
  /** Whether a waiting player can be matched now: not one who is away, though his place is kept. */
  readonly isPresent: (player: { accountId: string; lastSeen: number }) => boolean;
}

/** One step of the tick. It awaits nothing but the transaction, and has no effect outside it but on `outcome`. */
export type TickStep = (context: TickContext) => Promise<void>;
