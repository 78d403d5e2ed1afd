import { isIP } from 'node:net';
import { LOG_LEVELS, type LogLevel } from '../logging/logger.js';
import type { QueueConfig } from './queue-config.js';
import {
  ChoiceSetting,
  HexSetting,
  IntegerSetting,
  ListSetting,
  NumberSetting,
  TextSetting,
} from './setting.js';

export type { QueueConfig, QueueWindow } from './queue-config.js';

const HOST = {
  pattern: /^[0-9A-Za-z]([0-9A-Za-z.:-]{0,253}[0-9A-Za-z])?$|^::1?$/,
  allowed: 'a host name or an IP address',
};
const PATH = { pattern: /^[^\0]{1,4096}$/, allowed: 'a path' };
const PORT = { min: 0, max: 65_535 };
const DAY_MS = 86_400_000;

/**
 * Every setting of the master, validated. Made by `loadConfig` from the environment and the queues file; inject it as a class.
 * Durations are milliseconds.
 */
export class MasterConfig {
  @TextSetting(
    'RANKED_DATA',
    PATH,
    'Directory of the keys and of the SQLite file; made with mode 0700 on first start.',
  )
  dataDir = './data';

  @TextSetting(
    'RANKED_DATABASE',
    {
      pattern: /^(?!postgres(?:ql)?:\/\/$)[^\0]{1,4096}$/,
      allowed: 'the path of an SQLite file, or a postgres:// URL',
    },
    'Path of the SQLite file, or a postgres:// URL.',
    { secret: true, defaultText: '`ranked.sqlite` in the data directory' },
  )
  database = '';

  @IntegerSetting(
    'RANKED_DATABASE_POOL',
    { min: 2, max: 200 },
    'Connections to PostgreSQL; SQLite has no use for it.',
  )
  databasePool = 10;

  @HexSetting(
    'RANKED_DATABASE_KEY',
    { bytes: 32, label: 'ranked-database-key-1' },
    'Key under which secrets in the database are sealed.',
    { secret: true, defaultText: '`database.key` in the data directory, made on first start' },
  )
  databaseKey: Buffer | null = null;

  @TextSetting('RANKED_MASTER_KEY_FILE', PATH, 'Key file of the master; it must exist if this is set.', {
    defaultText: '`master.key` in the data directory, made on first start',
  })
  masterKeyFile: string | null = null;

  @TextSetting('RANKED_QUEUES_FILE', PATH, 'JSON or YAML file of the queues.', {
    defaultText: '`config/queues.yaml` of the application',
  })
  queuesFile = '';

  @TextSetting(
    'RANKED_NODE_ID',
    { pattern: /^[A-Za-z0-9._-]{1,64}$/, allowed: '1 to 64 of A–Z a–z 0–9 . _ -' },
    'Name of this process in logs and in the database.',
    {
      defaultText: 'random at each start',
    },
  )
  nodeId = '';

  @ChoiceSetting('RANKED_LOG_LEVEL', LOG_LEVELS, 'Least important log lines that are written.')
  logLevel: LogLevel = 'info';

  @TextSetting('RANKED_HTTP_HOST', HOST, 'Address on which the HTTP API listens.')
  httpHost = '127.0.0.1';
  @IntegerSetting('RANKED_HTTP_PORT', PORT, 'Port of the HTTP API; 0 takes any free one.')
  httpPort = 8080;

  @TextSetting('RANKED_S2S_HOST', HOST, 'Address on which game servers are awaited.')
  s2sHost = '127.0.0.1';
  @IntegerSetting('RANKED_S2S_PORT', PORT, 'Port for game servers; 0 takes any free one.')
  s2sPort = 23_600;

  @TextSetting('RANKED_RDV_HOST', HOST, 'Address on which players are awaited.')
  rdvHost = '127.0.0.1';
  @IntegerSetting('RANKED_RDV_PORT', PORT, 'Port for players; 0 takes any free one.')
  rdvPort = 23_601;
  @TextSetting('RANKED_RDV_PUBLIC_HOST', HOST, 'Host that a login tells the player to connect to.', {
    defaultText: 'the listening address',
  })
  rdvPublicHost: string | null = null;
  @IntegerSetting(
    'RANKED_RDV_PUBLIC_PORT',
    { min: 1, max: 65_535 },
    'Port that a login tells the player to connect to.',
    { defaultText: 'the listening port' },
  )
  rdvPublicPort: number | null = null;

  @ListSetting(
    'RANKED_TRUSTED_PROXIES',
    { allowed: 'a comma-separated list of IP addresses', accepts: (item) => isIP(item) !== 0 },
    'Addresses of reverse proxies whose X-Forwarded-For is believed.',
    { defaultText: 'none' },
  )
  trustedProxies: string[] = [];

  @IntegerSetting(
    'RANKED_TICK_MS',
    { min: 50, max: 60_000, unit: 'ms' },
    'Time from the end of one matchmaking tick to the next.',
  )
  tickMs = 500;
  @IntegerSetting(
    'RANKED_LONG_QUEUE',
    { min: 1, max: 10_000_000 },
    'Players who wait in a queue from which it is searched between the ticks, in a thread of its own.',
  )
  longQueue = 12_000;
  @IntegerSetting(
    'RANKED_HEARTBEAT_MS',
    { min: 100, max: 300_000, unit: 'ms' },
    'Interval of heartbeats; a peer silent for three of them is dropped.',
  )
  heartbeatMs = 5_000;
  @IntegerSetting(
    'RANKED_HANDSHAKE_TIMEOUT_MS',
    { min: 100, max: 60_000, unit: 'ms' },
    'Time from the connection to the end of the handshake.',
  )
  handshakeTimeoutMs = 5_000;
  @IntegerSetting(
    'RANKED_FRAME_TIMEOUT_MS',
    { min: 100, max: 60_000, unit: 'ms' },
    'Time from the first byte of a frame to its last.',
  )
  frameTimeoutMs = 10_000;
  @IntegerSetting(
    'RANKED_DRIFT_MS',
    { min: 1_000, max: 600_000, unit: 'ms' },
    'Largest difference between the clock of a peer and that of the master.',
  )
  driftMs = 120_000;
  @IntegerSetting(
    'RANKED_ALLOW_ACK_TIMEOUT_MS',
    { min: 100, max: 60_000, unit: 'ms' },
    'Time a game server has to acknowledge a match before another is asked.',
  )
  allowAckTimeoutMs = 3_000;
  @IntegerSetting(
    'RANKED_RESERVATION_MS',
    { min: 1_000, max: DAY_MS, unit: 'ms' },
    'Time in which a match that players were told of must have started.',
  )
  reservationMs = 60_000;
  @IntegerSetting(
    'RANKED_SERVER_GRACE_MS',
    { min: 0, max: DAY_MS, unit: 'ms' },
    'Time a running match waits for its lost game server.',
  )
  serverGraceMs = 30_000;
  @IntegerSetting(
    'RANKED_QUEUE_GRACE_MS',
    { min: 0, max: DAY_MS, unit: 'ms' },
    'Time the queue entry of a disconnected player is kept.',
  )
  queueGraceMs = 30_000;
  @IntegerSetting(
    'RANKED_COOLDOWN_MS',
    { min: 0, max: DAY_MS, unit: 'ms' },
    'Time in which who declined or missed a ready check, or left a match, may not join a queue, the first time; 0: no cooldowns.',
  )
  cooldownMs = 30_000;
  @NumberSetting(
    'RANKED_COOLDOWN_FACTOR',
    { min: 1.1, max: 100 },
    'How many times as long it is with each further time.',
  )
  cooldownFactor = 4;
  @IntegerSetting('RANKED_COOLDOWN_MAX_MS', { min: 0, max: 30 * DAY_MS, unit: 'ms' }, 'The longest one.')
  cooldownMaxMs = 1_800_000;
  @IntegerSetting(
    'RANKED_COOLDOWN_HALF_LIFE_MS',
    { min: 1_000, max: 30 * DAY_MS, unit: 'ms' },
    'Time after which half of what somebody has against him is forgotten.',
  )
  cooldownHalfLifeMs = 21_600_000;
  @IntegerSetting(
    'RANKED_TICKET_LIFE_MS',
    { min: 60_000, max: 30 * DAY_MS, unit: 'ms' },
    'Life of a login: of its access token and of its ticket.',
  )
  ticketLifeMs = DAY_MS / 2;
  @IntegerSetting(
    'RANKED_DRAIN_MS',
    { min: 100, max: 300_000, unit: 'ms' },
    'Time a stopping master has to finish; then it exits as it is.',
  )
  drainMs = 10_000;

  @IntegerSetting(
    'RANKED_MAX_CONNECTIONS',
    { min: 1, max: 1_000_000 },
    'Connections of game servers and players together, once authenticated; those who come beyond are told that it is full.',
  )
  maxConnections = 20_000;
  @IntegerSetting(
    'RANKED_MAX_UNAUTHENTICATED',
    { min: 1, max: 100_000 },
    'Connections that are not yet authenticated.',
  )
  maxUnauthenticated = 512;
  @IntegerSetting(
    'RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS',
    { min: 1, max: 100_000 },
    'Connections of one address that are not yet authenticated.',
  )
  maxUnauthenticatedPerAddress = 16;
  @NumberSetting(
    'RANKED_HANDSHAKES_PER_SECOND',
    { min: 0.1, max: 1_000_000 },
    'Handshakes of one address, lasting rate.',
  )
  handshakesPerSecond = 50;
  @IntegerSetting('RANKED_HANDSHAKE_BURST', { min: 1, max: 1_000_000 }, 'Handshakes of one address at once.')
  handshakeBurst = 200;
  @IntegerSetting(
    'RANKED_MAILBOX_MESSAGES',
    { min: 1, max: 65_536 },
    'Messages of one connection that wait to be handled before its socket is paused.',
  )
  mailboxMessages = 256;
  @NumberSetting(
    'RANKED_MESSAGES_PER_SECOND',
    { min: 1, max: 1_000_000 },
    'Messages of one connection, lasting rate; who sends more is dropped.',
  )
  messagesPerSecond = 200;
  @IntegerSetting('RANKED_MESSAGE_BURST', { min: 1, max: 1_000_000 }, 'Messages of one connection at once.')
  messageBurst = 1_000;
  @IntegerSetting(
    'RANKED_WRITE_QUEUE_BYTES',
    { min: 65_536, max: 1_073_741_824, unit: 'bytes' },
    'Bytes that wait to be written to one connection before it is dropped.',
  )
  writeQueueBytes = 1_048_576;

  @IntegerSetting(
    'RANKED_BODY_BYTES',
    { min: 1_024, max: 16_777_216, unit: 'bytes' },
    'Largest body of an HTTP request.',
  )
  bodyBytes = 65_536;
  @IntegerSetting('RANKED_HTTP_MAX_CONNECTIONS', { min: 1, max: 1_000_000 }, 'HTTP connections at once.')
  httpMaxConnections = 4_096;
  @IntegerSetting(
    'RANKED_HTTP_HEADER_TIMEOUT_MS',
    { min: 100, max: 120_000, unit: 'ms' },
    'Time for the headers of an HTTP request to arrive.',
  )
  httpHeaderTimeoutMs = 10_000;
  @IntegerSetting(
    'RANKED_HTTP_REQUEST_TIMEOUT_MS',
    { min: 100, max: 300_000, unit: 'ms' },
    'Time for a whole HTTP request to arrive.',
  )
  httpRequestTimeoutMs = 30_000;
  @NumberSetting(
    'RANKED_HTTP_REQUESTS_PER_SECOND',
    { min: 0.1, max: 1_000_000 },
    'HTTP requests of one address, lasting rate.',
  )
  httpRequestsPerSecond = 50;
  @IntegerSetting(
    'RANKED_HTTP_REQUEST_BURST',
    { min: 1, max: 1_000_000 },
    'HTTP requests of one address at once.',
  )
  httpRequestBurst = 200;
  @NumberSetting(
    'RANKED_LOGINS_PER_MINUTE',
    { min: 0.1, max: 1_000_000 },
    'Logins and registrations of one address, lasting rate.',
  )
  loginsPerMinute = 30;
  @IntegerSetting(
    'RANKED_LOGIN_BURST',
    { min: 1, max: 1_000_000 },
    'Logins and registrations of one address at once.',
  )
  loginBurst = 30;
  @NumberSetting(
    'RANKED_ACCOUNT_LOGINS_PER_MINUTE',
    { min: 0.1, max: 1_000_000 },
    'Logins to one account from one address, lasting rate.',
  )
  accountLoginsPerMinute = 6;
  @IntegerSetting(
    'RANKED_ACCOUNT_LOGIN_BURST',
    { min: 1, max: 1_000_000 },
    'Logins to one account from one address at once.',
  )
  accountLoginBurst = 10;
  @IntegerSetting(
    'RANKED_PASSWORD_QUEUE',
    { min: 1, max: 100_000 },
    'Passwords that wait to be hashed before logins are answered with 503.',
  )
  passwordQueue = 256;

  /** The queues of the queues file, at least one. */
  queues: QueueConfig[] = [];
}
