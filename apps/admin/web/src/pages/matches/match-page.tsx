import { getRouteApi, Link } from '@tanstack/react-router';
import type { MatchDetail } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { NO_VALUE } from '../../format/number-text.js';
import { matchTag, shortId } from '../../format/short-id.js';
import { Elapsed, FocusableTime } from '../../time/time.js';
import { durationText } from '../../format/duration.js';
import { Copyable } from '../../ui/copyable.js';
import { Fact, Facts } from '../../ui/facts.js';
import { JsonDisclosure } from '../../ui/json-disclosure.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { AllowAgain, ForceStart, KickPlayer } from '../servers/match-commands.js';
import { CancelMatch, VoidMatch } from './match-actions.js';
import { MatchState } from './match-state.js';
import { TeamTable } from './team-table.js';

const route = getRouteApi('/matches/$id');

/** One match: where, who, what was to be expected, what came of it. */
export function MatchPage() {
  const { id } = route.useParams();
  const match = useEndpoint('GET /api/matches/:id', { params: { id } }, { every: 3000 });
  const path = <Link to="/matches">Matches</Link>;
  if (match.data === undefined) {
    return (
      <>
        <PageHeader title="Match" path={path} />
        {match.error ? (
          <Failure
            what="The match cannot be shown."
            error={match.error}
            onRetry={() => void match.refetch()}
          />
        ) : (
          <Loading what="the match" />
        )}
      </>
    );
  }
  const detail = match.data;
  const isLive = detail.endedAt === null;
  return (
    <>
      <PageHeader
        title={`Match ${matchTag(detail.id)}`}
        path={path}
        aside={<MatchState match={detail} />}
        actions={
          <>
            {isLive ? (
              <>
                <KickPlayer match={detail} />
                <ForceStart match={detail} />
                <AllowAgain match={detail} />
                <CancelMatch match={detail} />
              </>
            ) : null}
            {detail.state === 'finished' && detail.voided === null ? <VoidMatch match={detail} /> : null}
          </>
        }
      />
      <MatchFacts match={detail} />
      {detail.teams.map((team, index) => (
        <Section key={index} title={`Team ${index + 1}`}>
          <TeamTable team={team} number={index + 1} />
        </Section>
      ))}
      <Section title="As stored">
        <JsonDisclosure title="Rules" value={detail.rules} />
        {detail.result === null ? null : (
          <JsonDisclosure title="Result, as the server sent it" value={detail.result} />
        )}
      </Section>
    </>
  );
}

function MatchFacts({ match }: { match: MatchDetail }) {
  return (
    <Facts>
      <Fact name="Id">
        <Copyable text={match.id} what="match id" />
      </Fact>
      <Fact name="Queue">
        <Link to="/queues/$name" params={{ name: match.queue }}>
          {match.queue}
        </Link>
      </Fact>
      <Fact name="Server">
        <Link to="/servers/$id" params={{ id: match.serverId }}>
          {match.serverName}
        </Link>
        {match.attempt > 1 ? (
          <span className="fact-note">
            attempt {match.attempt}, before: {match.previousServers.map(shortId).join(', ')}
          </span>
        ) : null}
      </Fact>
      <Fact name="Made">
        <FocusableTime at={match.createdAt} />
      </Fact>
      <Fact name="Server knew">
        <FocusableTime at={match.allowAckedAt} />
      </Fact>
      <Fact name="Started">
        <FocusableTime at={match.startedAt} />
      </Fact>
      <Fact name="Ended">
        <FocusableTime at={match.endedAt} />
        {match.endReason === null ? null : <span className="fact-note">{match.endReason}</span>}
      </Fact>
      <Fact name="Length">
        {match.startedAt === null ? (
          NO_VALUE
        ) : match.endedAt === null ? (
          <Elapsed since={match.startedAt} />
        ) : (
          durationText(match.endedAt - match.startedAt)
        )}
      </Fact>
      <Fact name="Rated">
        <FocusableTime at={match.ratedAt} />
      </Fact>
      {match.lostAt === null ? null : (
        <Fact name="Lost">
          <FocusableTime at={match.lostAt} />
        </Fact>
      )}
      {match.voidReason === null ? null : <Fact name="Why void">{match.voidReason}</Fact>}
      {match.resultDigest === null ? null : (
        <Fact name="Result digest">
          <Copyable text={match.resultDigest} shown={match.resultDigest.slice(0, 12)} what="digest" />
        </Fact>
      )}
    </Facts>
  );
}
