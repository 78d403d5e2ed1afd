import type { INestApplicationContext } from '@nestjs/common';
import { ChallengeCache } from '@ranked/protocol';
import { Clock, RandomSource } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { MasterKeys } from '../keys/master-keys.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import type { ChannelSettings } from './channel-settings.js';
import { ChannelStrategy } from './channel-strategy.js';
import { CertificateAuthenticator } from './certificate-authenticator.js';
import { ConnectionRegistry } from './connection-registry.js';
import { HandshakeLimits } from './handshake-limits.js';
import type { PlayerPeer, ServerPeer } from './peer.js';
import { TicketAuthenticator } from './ticket-authenticator.js';

/** The protocol gives the peer a second to answer CLOSE. */
const CLOSE_TIMEOUT_MS = 1000;
/** A peer that fetches nothing for so long does not read. */
const STALL_TIMEOUT_MS = 10_000;
/** The two doors. */
export interface Channels {
  readonly s2s: ChannelStrategy<ServerPeer>;
  readonly rdv: ChannelStrategy<PlayerPeer>;
}

/** Makes both doors from what the application provides; `connectChannels` connects them to it. */
export function createChannels(app: INestApplicationContext): Channels {
  const config = app.get(MasterConfig);
  const clock = app.get(Clock);
  const settings = settingsFrom(config);
  const parts = {
    registry: app.get(ConnectionRegistry),
    limits: new HandshakeLimits(settings, clock),
    challenges: new ChallengeCache({ now: () => clock.now() }),
    settings,
    keys: app.get(MasterKeys),
    clock,
    random: app.get(RandomSource),
    log: app.get<Logger>(LOGGER),
  };
  return {
    s2s: new ChannelStrategy<ServerPeer>(
      { ...parts, service: 'S2S', authenticator: app.get(CertificateAuthenticator) },
      { host: config.s2sHost, port: config.s2sPort },
    ),
    rdv: new ChannelStrategy<PlayerPeer>(
      { ...parts, service: 'RDV', authenticator: app.get(TicketAuthenticator) },
      { host: config.rdvHost, port: config.rdvPort },
    ),
  };
}

function settingsFrom(config: MasterConfig): ChannelSettings {
  return {
    heartbeatMs: config.heartbeatMs,
    handshakeTimeoutMs: config.handshakeTimeoutMs,
    frameTimeoutMs: config.frameTimeoutMs,
    driftMs: config.driftMs,
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
    stallTimeoutMs: STALL_TIMEOUT_MS,
    maxConnections: config.maxConnections,
    maxUnauthenticated: config.maxUnauthenticated,
    maxUnauthenticatedPerAddress: config.maxUnauthenticatedPerAddress,
    handshakesPerSecond: config.handshakesPerSecond,
    handshakeBurst: config.handshakeBurst,
    mailboxMessages: config.mailboxMessages,
    messagesPerSecond: config.messagesPerSecond,
    messageBurst: config.messageBurst,
    writeQueueBytes: config.writeQueueBytes,
  };
}
