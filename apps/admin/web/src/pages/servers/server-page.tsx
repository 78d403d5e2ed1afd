import { getRouteApi, Link } from '@tanstack/react-router';
import type { ServerDetail } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { percentText, wholeText } from '../../format/number-text.js';
import { SERVER_STATES, TRUST_LEVELS } from '../../format/state-words.js';
import { useLive } from '../../live/live-context.js';
import { FocusableTime } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { Copyable } from '../../ui/copyable.js';
import { Fact, Facts } from '../../ui/facts.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { LogStream } from '../logs/log-stream.js';
import { CommandTable } from './command-table.js';
import { DrainServer, ShutDownServer } from './server-actions.js';
import { ServerMatches } from './server-matches.js';

const route = getRouteApi('/servers/$id');

/** One game server: how it is, what is on it, what it was told, what it says. */
export function ServerPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const server = useEndpoint('GET /api/servers/:id', { params: { id } }, { every: 3000 });
  // Of one server only: the rows of all the others would be read for nothing.
  useLive({ topics: ['commands', 'logs'], serverId: id });

  if (server.data === undefined) {
    return (
      <>
        <PageHeader title="Server" path={<Link to="/servers">Servers</Link>} />
        {server.error ? (
          <Failure
            what="The server cannot be shown."
            error={server.error}
            onRetry={() => void server.refetch()}
          />
        ) : (
          <Loading what="the server" />
        )}
      </>
    );
  }
  const detail = server.data;
  return (
    <>
      <PageHeader
        title={detail.name}
        path={<Link to="/servers">Servers</Link>}
        aside={<Badge word={SERVER_STATES[detail.state]} />}
        actions={
          <>
            <DrainServer server={detail} />
            <ShutDownServer server={detail} />
          </>
        }
      />
      <ServerFacts server={detail} />
      <Section title="Matches">
        <ServerMatches server={detail} />
      </Section>
      <Section title="Commands">
        <CommandTable commands={detail.commands} />
      </Section>
      <Section title="Log">
        <LogStream
          serverId={id}
          filter={{ q: search.q, level: search.level }}
          onFilter={(change) =>
            void navigate({
              search: (before) => ({ ...before, ...change }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Section>
    </>
  );
}

function ServerFacts({ server }: { server: ServerDetail }) {
  const { certificate, trust } = server;
  return (
    <Facts>
      <Fact name="Region">{server.region}</Fact>
      <Fact name="Load">{percentText(server.load)}</Fact>
      <Fact name="Players">{wholeText(server.players)}</Fact>
      <Fact name="Matches">
        {wholeText(server.matches)} of {wholeText(server.capacity)}
      </Fact>
      <Fact name="Version">
        <code>{server.build}</code>
      </Fact>
      <Fact name="Address">
        <code>{server.address}</code>
      </Fact>
      <Fact name="Queues">{server.queues === null ? 'all' : server.queues.join(', ')}</Fact>
      <Fact name="Last heartbeat">
        <FocusableTime at={server.lastSeen} />
      </Fact>
      <Fact name="Connected">
        <FocusableTime at={server.connectedAt} />
      </Fact>
      <Fact name="Master">
        <code>{server.nodeId}</code>
      </Fact>
      <Fact name="Trust">
        <Badge word={TRUST_LEVELS[trust.level]} />{' '}
        {trust.restingUntil === null ? null : (
          <>
            until <FocusableTime at={trust.restingUntil} />
          </>
        )}
        {trust.probation ? (
          <span className="fact-note">On probation: few matches until it has finished five.</span>
        ) : null}
        <span className="fact-note">
          7 days: {wholeText(trust.finished)} finished, {wholeText(trust.abandoned)} abandoned,{' '}
          {wholeText(trust.cancelled)} cancelled
        </span>
      </Fact>
      <Fact name="Certificate">
        <Copyable text={certificate.uuid} shown={certificate.uuid.slice(0, 8)} what="certificate id" />{' '}
        {certificate.revokedAt === null ? (
          <>
            ends <FocusableTime at={certificate.expiresAt} />
          </>
        ) : (
          <>
            revoked <FocusableTime at={certificate.revokedAt} />: {certificate.revokeReason}
          </>
        )}
        <span className="fact-note">
          <Link to="/certificates" search={{ q: certificate.uuid }}>
            Show the certificate
          </Link>
        </span>
      </Fact>
    </Facts>
  );
}
