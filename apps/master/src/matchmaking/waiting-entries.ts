import type { Entry, Player } from '@ranked/matchmaker';
import type { WaitingPlayer } from '@ranked/store';
import type { QueueConfig } from '../config/queue-config.js';

/** What the matchmaker is asked about. */
export interface WaitingEntries {
  readonly entries: Entry[];
  /** Players in them. */
  readonly players: number;
  /** Members of parties that are larger than a team, as after a change of the queue: they cannot be matched. */
  readonly oversized: string[];
}

/**
 * Those who can be matched now, as the matchmaker takes them: one entry per party, or per player on his own. A party is there when
 * all its members are. Players are added in parts, as they are read.
 */
export class WaitingEntriesBuilder {
  private readonly entries: Entry[] = [];
  private readonly parties = new Map<string, WaitingPlayer[]>();

  /**
   * @param isPresent whether a player can be matched now
   * @param blocked whom players do not want to meet
   */
  constructor(
    private readonly rules: Pick<QueueConfig, 'size' | 'roles'>,
    private readonly isPresent: (player: WaitingPlayer) => boolean,
    private readonly blocked: ReadonlyMap<string, readonly string[]>,
  ) {}

  add(waiting: readonly WaitingPlayer[]): void {
    const { entries, parties, rules, isPresent, blocked } = this;
    for (const player of waiting) {
      const { partyId } = player;
      if (partyId === undefined) {
        if (!isPresent(player)) continue;
        const { accountId: id, joinedAt } = player;
        const players = [playerOf(player, rules, blocked)];
        // Written out, since there may be thousands: a member that is spread because it may be missing takes longer than all others.
        entries.push(player.ahead ? { id, joinedAt, players, ahead: true } : { id, joinedAt, players });
        continue;
      }
      const members = parties.get(partyId);
      if (members === undefined) parties.set(partyId, [player]);
      else members.push(player);
    }
  }

  /** To be called once, when all have been added. */
  finish(): WaitingEntries {
    const { entries, rules, isPresent, blocked } = this;
    const oversized: string[] = [];
    let players = entries.length;
    for (const [id, members] of this.parties) {
      if (members.length > rules.size) oversized.push(...members.map(({ accountId }) => accountId));
      else if (members.every(isPresent)) {
        const joinedAt = Math.min(...members.map((member) => member.joinedAt));
        entries.push({
          id,
          joinedAt,
          players: members.map((member) => playerOf(member, rules, blocked)),
          ...(members.some(({ ahead }) => ahead) && { ahead: true }),
        });
        players += members.length;
      }
    }
    return { entries, players, oversized };
  }
}

function playerOf(
  { accountId, mu, sigma, latencies, roles, lastOpponents }: WaitingPlayer,
  rules: Pick<QueueConfig, 'roles'>,
  blocked: ReadonlyMap<string, readonly string[]>,
): Player {
  const rating = { mu, sigma };
  const unwanted = blocked.size === 0 ? undefined : blocked.get(accountId);
  // Who takes none of the queue's roles said so for another one: here he takes any.
  const taken = rules.roles && roles?.filter((role) => Object.hasOwn(rules.roles ?? {}, role));
  if (!latencies && !taken?.length && !lastOpponents && !unwanted) return { id: accountId, rating };
  return {
    id: accountId,
    rating,
    ...(latencies && { latencies }),
    ...(taken?.length && { roles: taken }),
    ...(lastOpponents && { lastOpponents }),
    ...(unwanted && { blocked: unwanted }),
  };
}
