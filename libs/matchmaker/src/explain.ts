import type { Leftover, Proposal } from './queue.js';

/** Why an entry waits, as one English sentence for players and operators. */
export function explainLeftover(leftover: Leftover): string {
  switch (leftover.reason) {
    case 'window':
      return `The nearest opponents are ${points(leftover.nearest)} apart, and the window is ${points(leftover.window)}.`;
    case 'not_enough_players':
      return `Only ${counted(leftover.players, 'player')} of the ${leftover.needed} that a match needs ${leftover.players === 1 ? 'is' : 'are'} free.`;
    case 'no_fit':
      return `The parties that wait do not add up to full teams: ${counted(leftover.players, 'player')} are free, and a match needs ${leftover.needed}.`;
    case 'latency':
      return leftover.nearest === undefined
        ? `Those who could play have no region in common; at most ${leftover.max} ms is allowed.`
        : `Those who could play are ${Math.round(leftover.nearest)} ms away from the best region they have in common, and at most ${leftover.max} ms is allowed.`;
    case 'blocked':
      return `The others do not want to meet this entry, or each other: it is blocked with ${counted(leftover.entries, 'entry', 'entries')}.`;
    case 'roles':
      return `Only ${counted(leftover.players, 'player')} can take the role ${leftover.roles.join(' or ')}, and a match needs ${leftover.needed}.`;
    case 'parties':
      return `Parties meet parties only: ${counted(leftover.parties, 'party', 'parties')} that fit are too few, and a match needs ${leftover.needed}.`;
    case 'outbid':
      return `Those who could play make better matches with others; ${counted(leftover.players, 'player')} stayed free, and a match needs ${leftover.needed}.`;
    case 'no_server':
      return `Opponents are found, but no server has a place (${counted(leftover.servers, 'server')} can host this queue).`;
  }
}

/** What a match is like, as one English sentence for operators. */
export function explainProposal(match: Proposal): string {
  const { odds, spread, window, lastResort, waits, worstLatency, region, repeats, quality } = match;
  const wins = odds.slice(0, -1).map(percent).join(' : ');
  const parts = [
    `quality ${quality.toFixed(2)}`,
    `odds ${wins} with ${percent(odds.at(-1) ?? 0)} draws`,
    `${points(spread)} apart in a window of ${points(window)}${lastResort ? ' as a last resort' : ''}`,
    `waits up to ${Math.round(Math.max(...waits) / 1000)} s`,
    `played in ${region}${worstLatency === undefined ? '' : ` at ${Math.round(worstLatency)} ms or less`}`,
  ];
  if (repeats > 0) parts.push(`${counted(repeats, 'pair')} met in the last match`);
  return `The match has ${parts.join(', ')}.`;
}

function points(value: number): string {
  const rounded = Math.round(value);
  return `${rounded} ${rounded === 1 ? 'point' : 'points'}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
