import { getRouteApi, Link } from '@tanstack/react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import type { PlayerDetail } from '../../api/contract.js';
import { FocusableTime } from '../../time/time.js';
import { Copyable } from '../../ui/copyable.js';
import { Fact, Facts } from '../../ui/facts.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { BanState } from './ban-state.js';
import { PlaceText } from './place-text.js';
import { BanPlayer, EndSessions, RenamePlayer, UnbanPlayer } from './player-actions.js';
import { PlayerMatches } from './player-matches.js';
import { PlayerRatings } from './player-ratings.js';
import { SessionTable } from './session-table.js';

const route = getRouteApi('/players/$id');

/** One player: where he is, how good, what he played, and what can be done about him. */
export function PlayerPage() {
  const { id } = route.useParams();
  const { queue } = route.useSearch();
  const navigate = route.useNavigate();
  const player = useEndpoint('GET /api/players/:id', { params: { id } }, { every: 5000 });
  const path = <Link to="/players">Players</Link>;
  if (player.data === undefined) {
    return (
      <>
        <PageHeader title="Player" path={path} />
        {player.error ? (
          <Failure
            what="The player cannot be shown."
            error={player.error}
            onRetry={() => void player.refetch()}
          />
        ) : (
          <Loading what="the player" />
        )}
      </>
    );
  }
  const detail = player.data;
  return (
    <>
      <PageHeader
        title={detail.displayName}
        path={path}
        aside={detail.ban === null ? null : <BanState ban={detail.ban} />}
        actions={
          <>
            <RenamePlayer player={detail} />
            <EndSessions player={detail} />
            {detail.ban === null ? null : <UnbanPlayer player={detail} />}
            <BanPlayer player={detail} />
          </>
        }
      />
      <PlayerFacts player={detail} />
      <Section title="Ratings">
        <PlayerRatings
          player={detail}
          queue={queue}
          onQueue={(next) => void navigate({ search: { queue: next }, replace: true, resetScroll: false })}
        />
      </Section>
      <Section title="Matches">
        <PlayerMatches id={id} />
      </Section>
      <Section title="Logins in force">
        <SessionTable sessions={detail.sessions} />
      </Section>
    </>
  );
}

function PlayerFacts({ player }: { player: PlayerDetail }) {
  return (
    <Facts>
      <Fact name="Login name">{player.username}</Fact>
      <Fact name="Where">
        <PlaceText place={player.place} />
      </Fact>
      <Fact name="Account since">
        <FocusableTime at={player.createdAt} />
      </Fact>
      <Fact name="Id">
        <Copyable text={player.id} shown={player.id.slice(0, 13)} what="player id" />
      </Fact>
      {player.ban === null ? null : (
        <Fact name="Ban">
          {player.ban.until === null ? (
            'for ever'
          ) : (
            <>
              ends <FocusableTime at={player.ban.until} />
            </>
          )}
          <span className="fact-note">{player.ban.reason ?? 'No reason was given.'}</span>
        </Fact>
      )}
    </Facts>
  );
}
