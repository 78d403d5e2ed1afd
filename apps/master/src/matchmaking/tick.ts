import { Inject, Injectable } from '@nestjs/common';
import { commands, gameServers, NOT_LEADER, settings, type Store, type Tx } from '@ranked/store';
import { Clock, RandomSource } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { QueueModels } from '../config/queue-models.js';
import { PresenceBoard } from '../game-servers/presence-board.js';
import { ServerLogBuffer } from '../game-servers/server-log-buffer.js';
import { PlayerPresence } from '../queueing/player-presence.js';
import { STORE } from '../store/store.module.js';
import { AllowCourier } from './allow-courier.js';
import { LongQueues } from './search/long-queues.js';
import { ServerFaults } from './server-faults.js';
import { abandonLostMatches } from './steps/abandon-lost-matches.js';
import { callOffEndedChecks } from './steps/call-off-ended-checks.js';
import { callOffOverdueMatches } from './steps/call-off-overdue-matches.js';
import { compareHeldMatches } from './steps/compare-held-matches.js';
import { dropStaleEntries } from './steps/drop-stale-entries.js';
import { findLostServers } from './steps/find-lost-servers.js';
import { formMatches } from './steps/form-matches.js';
import { moveReservingMatches } from './steps/move-reserving-matches.js';
import { writePresence } from './steps/write-presence.js';
import type { TickContext, TickStep } from './tick-context.js';
import type { TickInputs } from './tick-inputs.js';
import { emptyOutcome, type TickOutcome } from './tick-outcome.js';

/** What every node does for the peers connected to it. */
const OWN_STEPS: readonly TickStep[] = [
  writePresence,
  async ({ tx, inputs }) => gameServers.countProven(tx, inputs.finishers),
  compareHeldMatches,
];

/** What one node at a time does for all. Who is free again comes before who gets what. */
const LEADER_STEPS: readonly TickStep[] = [
  findLostServers,
  moveReservingMatches,
  callOffEndedChecks,
  callOffOverdueMatches,
  abandonLostMatches,
  dropStaleEntries,
  async ({ tx }) => void (await commands.expire(tx)),
  formMatches,
];

/**
 * Least time between two searches for stale queue entries, ms: a search reads every entry, and nobody is matched meanwhile who is not
 * present.
 */
const SWEEP_MS = 2_000;

/** One tick: a single write transaction that makes the rows agree with what is known. It sends nothing. */
@Injectable()
export class Tick {
  private number = 0;
  private startedAt: number | undefined;
  private sweptAt = -Infinity;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: PresenceBoard,
    private readonly logs: ServerLogBuffer,
    private readonly players: PlayerPresence,
    private readonly allows: AllowCourier,
    private readonly faults: ServerFaults,
    private readonly long: LongQueues,
    private readonly queues: QueueModels,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * Runs the steps and commits.
   * @throws StoreError if nothing was committed; what was known in memory is then kept for the next tick
   */
  async run(): Promise<TickOutcome> {
    const inputs = this.takeInputs();
    try {
      const outcome = await this.commit(inputs);
      this.number += 1;
      this.learn(outcome);
      return outcome;
    } catch (error) {
      this.putBack(inputs);
      throw error;
    }
  }

  /** Writes once more what this node knows of its peers, after the last of them has gone. */
  async farewell(): Promise<void> {
    const inputs = this.takeInputs();
    await this.store.writeGrouped('presence', (tx) => this.perform(tx, inputs, OWN_STEPS));
  }

  private async commit(inputs: TickInputs): Promise<TickOutcome> {
    const all = [...OWN_STEPS, ...LEADER_STEPS];
    const outcome = await this.store.write('tick', (tx) => this.perform(tx, inputs, all), { lock: 'tick' });
    if (outcome !== NOT_LEADER) return outcome;
    const own = await this.store.writeGrouped('presence', (tx) => this.perform(tx, inputs, OWN_STEPS));
    return { ...own, leader: false };
  }

  private async perform(tx: Tx, inputs: TickInputs, steps: readonly TickStep[]): Promise<TickOutcome> {
    const context = await this.contextOf(tx, inputs);
    for (const step of steps) await step(context);
    return context.outcome;
  }

  private async contextOf(tx: Tx, inputs: TickInputs): Promise<TickContext> {
    const now = this.clock.now();
    this.startedAt ??= now;
    const age = now - this.startedAt;
    return {
      tx,
      now,
      number: this.number,
      config: this.config,
      queues: this.queues.all(),
      random: this.random,
      faults: this.faults,
      maintenance: await settings.maintenance(tx),
      masterKeyId: (await settings.masterKeyId(tx)) ?? '',
      inputs,
      outcome: emptyOutcome(),
      serversSettled: age >= this.config.serverGraceMs,
      playersSettled: age >= this.config.queueGraceMs,
      sweeps: now - this.sweptAt >= SWEEP_MS,
      isPresent: this.players.presentAt(now, this.store.dialect === 'sqlite'),
    };
  }

  private takeInputs(): TickInputs {
    return {
      presence: this.board.take(),
      logs: this.logs.take(),
      players: this.players.take(),
      refused: this.allows.takeRefused(),
      finishers: this.faults.takeFinishers(),
      long: this.long.sizes(),
      found: this.long.found(),
    };
  }

  /** Log lines are the one thing that is not worth keeping when the database does not take it. */
  private putBack(inputs: TickInputs): void {
    this.board.putBack(inputs.presence);
    this.players.putBack(inputs.players);
    this.allows.putBackRefused(inputs.refused);
    this.faults.putBackFinishers(inputs.finishers);
  }

  private learn(outcome: TickOutcome): void {
    for (const serverId of outcome.failedServers) this.faults.failed(serverId);
    for (const serverId of outcome.unstarted) this.faults.unstarted(serverId);
    this.sweptAt = outcome.sweptAt ?? this.sweptAt;
    this.long.follow(outcome.long);
  }
}
