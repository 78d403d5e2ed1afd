import { START } from './databases.js';
import { RULES } from './fixtures.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Accounts: the first two have played once, and play now; the third waits. */
export const [ANN, BOB, CY] = [uuid(1), uuid(2), uuid(3)] as const;
/** The game server of both matches. */
export const SERVER = uuid(9);
/** Ids of the match that is over and of the one that runs. */
export const [PLAYED, RUNNING] = [uuid(11), uuid(12)] as const;

/** Id of an account as a player of a match. */
export const playerId = (match: string, account: string): string =>
  match.slice(0, -4) + account.slice(-2) + match.slice(-2);

/** Rows of every table as the first version wrote them, parents first. */
export const OLD_ROWS: readonly (readonly [
  table: string,
  row: Readonly<Record<string, string | number | null>>,
])[] = [
  ...[ANN, BOB, CY].map(
    (id) =>
      [
        'account',
        {
          id,
          username: id,
          username_key: id.toUpperCase(),
          display_name: `The ${id}`,
          password_hash: 'hash',
          created_at: 1,
        },
      ] as const,
  ),
  [
    'session',
    {
      id: 's1',
      account_id: ANN,
      access_digest: 'd1',
      ticket_key_sealed: 'x',
      created_at: 1,
      expires_at: START + 9,
    },
  ],
  [
    'certificate',
    {
      uuid: SERVER,
      name: 'eu-1',
      issued_at: 1,
      expires_at: START / 1000 + 86_400,
      secret_sealed: 'x',
      master_key_id: 'a'.repeat(32),
      created_at: 1,
      changed_at: 1,
    },
  ],
  [
    'game_server',
    {
      id: SERVER,
      name: 'eu-1',
      online: 1,
      node_id: 'n',
      host: 'h',
      port: 7,
      region: 'eu',
      build: '1',
      capacity: 9,
      players: 0,
      accepting: 1,
      matches: 1,
      load: 0.1,
      last_seen: START,
      connected_at: START,
    },
  ],
  ['match_rules', { digest: 'r1', rules: JSON.stringify(RULES), created_at: 1 }],
  [
    'game_match',
    {
      id: PLAYED,
      queue: 'duel',
      state: 'finished',
      server_id: SERVER,
      attempt: 1,
      previous_servers: '[]',
      rules_digest: 'r1',
      created_at: 1,
      state_since: 9,
      reserve_expires_at: 2,
      ended_at: 9,
      end_reason: 'result',
      result: '{}',
      result_digest: 'x',
      rated_at: 9,
    },
  ],
  [
    'game_match',
    {
      id: RUNNING,
      queue: 'duel',
      state: 'running',
      server_id: SERVER,
      attempt: 1,
      previous_servers: '[]',
      rules_digest: 'r1',
      created_at: 10,
      state_since: 11,
      reserve_expires_at: 12,
      started_at: 11,
    },
  ],
  ...[PLAYED, RUNNING].flatMap((match, n) =>
    [ANN, BOB].map(
      (account, team) =>
        [
          'match_player',
          {
            match_id: match,
            id: playerId(match, account),
            account_id: account,
            team,
            position: 0,
            name: `The ${account}`,
            queued_at: 1 + team,
            allowed_generation: 0,
            found_sent_at: 2,
            ended_at: n === 0 ? 9 : null,
            report_due: 1 - n,
            rank: n === 0 ? team : null,
            mu_before: n === 0 ? 25 + 1 / 3 : null,
            stats: n === 0 ? '{"kills":3}' : null,
          },
        ] as const,
    ),
  ),
  ...[ANN, BOB, CY].map(
    (id) =>
      [
        'queue_entry',
        {
          account_id: id,
          queue: 'duel',
          name: `The ${id}`,
          joined_at: 5,
          last_seen: START,
          match_id: id === CY ? null : RUNNING,
        },
      ] as const,
  ),
  [
    'rating',
    {
      account_id: ANN,
      queue: 'duel',
      mu: 26 + 1 / 3,
      sigma: 8,
      games: 1,
      wins: 1,
      display: 1500.1,
      last_match_at: 9,
    },
  ],
  [
    'server_command',
    { id: 'c1', server_id: SERVER, type: 'shutdown', payload: '{}', created_at: 1, expires_at: START + 9 },
  ],
  ['server_log', { server_id: SERVER, level: 'info', at: 1, message: 'hello' }],
  ['setting', { key: 'k', value: 'v', changed_at: 1 }],
];
