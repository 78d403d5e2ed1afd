/**
 * A player who logs in, queues, and says what happens.
 *
 *     player <url of the master> <username> <password> <queue>
 */
import { PlayerClient } from '@ranked/protocol/player';

interface Login {
  readonly ticket: { readonly id: string; readonly secret: string };
  readonly rdv: { readonly host: string; readonly port: number };
  /** 64 hexadecimal digits. */
  readonly masterPublicKey: string;
}

const [url = 'http://127.0.0.1:8080', username = '', password = '', queue = 'duel'] = process.argv.slice(2);
const response = await fetch(new URL('/v1/sessions', url), {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username, password }),
});
if (!response.ok) throw new Error(`login: ${response.status} ${await response.text()}`);
const login = (await response.json()) as Login;

const client = new PlayerClient({
  host: login.rdv.host,
  port: login.rdv.port,
  ticketId: login.ticket.id,
  ticket: login.ticket.secret,
  masterPublicKey: Buffer.from(login.masterPublicKey, 'hex'),
});
// A game asks its player here; this one is always ready.
client.on('matchProposed', ({ matchId, answered }) => {
  if (!answered) void client.answerMatch(matchId, true);
});
client.on('serviceNotice', ({ maintenance, message }) =>
  console.log(maintenance ? `closed for maintenance: ${message ?? ''}` : 'open again'),
);
// A game connects to host:port here and shows the token to its game server, which admits it once.
client.on('matchFound', ({ host, port, teams }) => console.log(`play at ${host}:${port}`, teams));
client.on('matchStarted', () => console.log('the match began'));
client.on('matchCancelled', ({ reason, requeued }) => console.log(reason, requeued ? '(queued again)' : ''));
client.on('matchReport', ({ outcome, rating }) => console.log(outcome, rating?.before, '→', rating?.after));
client.on('queueStatus', ({ waited, estimated, reason }) =>
  console.log(`waited ${waited} s of some ${estimated ?? '?'} s`, reason ?? ''),
);
// Who is invited plays along: the leader's joinQueue is for all members.
client.on('partyInvited', ({ partyId, from }) => {
  console.log(`${from.name} invites`);
  client.acceptInvite(partyId).catch((error: unknown) => console.error(error));
});
client.on('partyState', ({ members, note }) =>
  console.log(
    note,
    members.map(({ name }) => name),
  ),
);
client.on('queueLost', (error) => console.error(`no longer queued: ${error.message}`));
client.on('disconnected', ({ error, retryInMs }) =>
  console.error(`${error.message}; again in ${retryInMs} ms`),
);
client.on('closed', (error) => console.error(error?.message ?? 'closed'));

await client.connect();
await client.joinQueue(queue);
console.log(`in the queue ${queue}`);
