import { TeamBalancer, type Allowed } from './balance-teams.js';
import type { QueueRules } from './queue.js';
import type { RoleNeeds } from './role-needs.js';
import type { WaitingPool } from './waiting-pool.js';

/** Divides the entries of a match into teams. */
export class Lineup {
  private readonly balancer: TeamBalancer;
  private readonly teams: number;
  private readonly size: number;
  /** A team for each entry. */
  private readonly each: readonly number[];

  constructor(
    { teams, size }: QueueRules,
    private readonly pool: WaitingPool,
    private readonly roles: RoleNeeds | undefined,
  ) {
    this.teams = teams;
    this.size = size;
    this.each = Array.from({ length: teams }, (_, i) => i);
    this.balancer = new TeamBalancer(teams, size);
  }

  /**
   * The team per entry such that the teams are equally strong and each can fill its roles; undefined where that is impossible.
   * `equalParties`: every team must have a party or none may.
   */
  divide(entries: readonly number[], equalParties: boolean): readonly number[] | undefined {
    const { pool, roles } = this;
    if (this.size === 1) {
      return roles === undefined || this.rolesFilled(roles, entries, this.each) ? this.each : undefined;
    }
    const checkParties = equalParties && !entries.every((entry) => pool.size[entry] === 1);
    const allowed: Allowed | undefined =
      roles === undefined && !checkParties
        ? undefined
        : (teamOf) =>
            (!checkParties || this.partyInEach(entries, teamOf)) &&
            (roles === undefined || this.rolesFilled(roles, entries, teamOf));
    const parties = entries.map((entry) => {
      const players = pool.size[entry] as number;
      return { size: players, strength: players * (pool.strength[entry] as number) };
    });
    return this.balancer.balance(parties, allowed);
  }

  private rolesFilled(roles: RoleNeeds, entries: readonly number[], teamOf: readonly number[]): boolean {
    for (let team = 0; team < this.teams; team++) {
      if (!roles.fillTeam(entries.filter((_, i) => teamOf[i] === team))) return false;
    }
    return true;
  }

  private partyInEach(entries: readonly number[], teamOf: readonly number[]): boolean {
    for (let team = 0; team < this.teams; team++) {
      if (!entries.some((entry, i) => teamOf[i] === team && (this.pool.size[entry] as number) > 1))
        return false;
    }
    return true;
  }
}
