import type { ReactNode } from 'react';
import type { Overview } from '../../api/contract.js';
import { durationText } from '../../format/duration.js';
import { NO_VALUE, tenthsText, wholeText } from '../../format/number-text.js';

/** The numbers that say how things stand. */
export function KeyFigures({ overview }: { overview: Overview }) {
  const { players, servers, matches, waits, refusals } = overview;
  const present = overview.nodes.filter((node) => node.present);
  const longestTick = present.length === 0 ? null : Math.max(...present.map((node) => node.tickLongestMs));
  const known = Object.values(servers).reduce((sum, count) => sum + count, 0);
  return (
    <dl className="figures">
      <Figure name="Players online" value={wholeText(players.online)}>
        {wholeText(players.waiting)} waiting, {wholeText(players.playing)} playing
      </Figure>
      <Figure name="Servers online" value={wholeText(servers.online)}>
        {wholeText(servers.full)} full, {wholeText(servers.silent)} silent, {wholeText(known)} known
      </Figure>
      <Figure name="Matches running" value={wholeText(matches.running)}>
        {wholeText(matches.checking + matches.reserving + matches.ready)} about to start
      </Figure>
      <Figure name="Matches last hour" value={wholeText(matches.finished)}>
        {wholeText(matches.abandoned)} abandoned, {wholeText(matches.cancelled)} cancelled
      </Figure>
      <Figure name="Mean wait" value={waits.meanMs === null ? NO_VALUE : durationText(waits.meanMs)}>
        longest now {waits.longestMs === null ? NO_VALUE : durationText(waits.longestMs)}
      </Figure>
      <Figure name="Longest tick" value={longestTick === null ? NO_VALUE : `${tenthsText(longestTick)} ms`}>
        {wholeText(present.length)} of {wholeText(overview.nodes.length)} masters present
      </Figure>
      <Figure name="Refusals last hour" value={wholeText(refusals.lastHour)}>
        {refusals.byCause[0] === undefined ? 'none' : `most: ${refusals.byCause[0].cause}`}
      </Figure>
    </dl>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <span className="figure-value">{value}</span>
        <span className="figure-note">{children}</span>
      </dd>
    </div>
  );
}
