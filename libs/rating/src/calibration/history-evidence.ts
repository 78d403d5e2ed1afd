import { rootOfScore } from '../gaussian/scored-teams.js';
import { HAS_SCORES, type MatchHistory } from '../history/match-history.js';
import type { Evidence } from './tunable-parameters.js';

/** What a part of a history has in it that parameters can be told from. */
export interface HistoryEvidence {
  readonly present: ReadonlySet<Evidence>;
  /** Root of the mean squared difference between two teams' scores, on the scale of `scoreWorth`; 1 where there are none. */
  readonly scoreDifference: number;
}

/** Looks at all matches before `end`. */
export function historyEvidence(history: MatchHistory, end: number): HistoryEvidence {
  const { times, hosts, parts, firstTeam, firstSlot, scores } = history.columns();
  const present = new Set<Evidence>();
  let differences = 0;
  let squares = 0;
  for (let match = 0; match < end; match++) {
    const from = firstTeam[match] as number;
    const to = firstTeam[match + 1] as number;
    present.add('matches');
    if (to - from > 2) present.add('rankings');
    if ((hosts[match] as number) >= 0) present.add('hosts');
    if (times[match] !== times[0]) present.add('idleTime');
    const hasScores = ((parts[match] as number) & HAS_SCORES) !== 0;
    for (let team = from + 1; team < to; team++) {
      if (playersOf(firstSlot, team) !== playersOf(firstSlot, team - 1)) present.add('unevenTeams');
      if (!hasScores) continue;
      const difference = rootOfScore(scores[team] as number) - rootOfScore(scores[team - 1] as number);
      squares += difference * difference;
      differences++;
    }
  }
  if (squares > 0) present.add('scores');
  return { present, scoreDifference: squares > 0 ? Math.sqrt(squares / differences) : 1 };
}

function playersOf(firstSlot: Int32Array, team: number): number {
  return (firstSlot[team + 1] as number) - (firstSlot[team] as number);
}
