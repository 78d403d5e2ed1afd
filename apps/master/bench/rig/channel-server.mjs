/**
 * Program: the channel as it is, in a Nest application of its own: the master's transport strategy with handlers that do
 * nothing, and credentials in memory. What is measured here is the channel, Nest's dispatch and the schema check.
 */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { writeMasterKey } from '@ranked/cert/files';
import { ChallengeCache, MESSAGE_TABLE, MsgType, ticketAuthKey, ticketCredential } from '@ranked/protocol';
import { ChannelStrategy } from '../../dist/channel/channel-strategy.js';
import { connectChannels } from '../../dist/channel/connect-channels.js';
import { ConnectionRegistry } from '../../dist/channel/connection-registry.js';
import { HandshakeLimits } from '../../dist/channel/handshake-limits.js';
import { PlainArguments } from '../../dist/channel/plain-arguments.js';
import { S2S, RDV } from '../../dist/channel/transports.js';
import { SystemClock, SystemRandom } from '../../dist/clock/clock.js';
import { MasterKeys } from '../../dist/keys/master-keys.js';
import { createLogger } from '../../dist/logging/logger.js';
import { serveCalls } from './calls.mjs';
import { issue } from './peer.mjs';

/** The limits meant for strangers are out of the way; all else is as by default. */
const SETTINGS = {
  heartbeatMs: 300_000,
  handshakeTimeoutMs: 5_000,
  frameTimeoutMs: 10_000,
  driftMs: 120_000,
  closeTimeoutMs: 1_000,
  stallTimeoutMs: 10_000,
  maxConnections: 20_000,
  maxUnauthenticated: 20_000,
  maxUnauthenticatedPerAddress: 20_000,
  handshakesPerSecond: 1_000_000,
  handshakeBurst: 1_000_000,
  mailboxMessages: 256,
  messagesPerSecond: 1e9,
  messageBurst: 1e9,
  writeQueueBytes: 1_048_576,
};

let handled = 0;

/** A controller with a handler for each message of a door, as decorators on a class would make it. */
function controllerOf(service, transport) {
  class Handlers {}
  for (const type of Object.keys(MESSAGE_TABLE[service].c2s).map(Number)) {
    if (type === MsgType.Ack) continue;
    const name = `on${type}`;
    Handlers.prototype[name] = async function (_message, _context) {
      handled += 1;
    };
    const descriptor = Object.getOwnPropertyDescriptor(Handlers.prototype, name);
    PlainArguments()(Handlers.prototype, name, descriptor);
    MessagePattern(type, transport)(Handlers.prototype, name, descriptor);
  }
  Controller()(Handlers);
  return Handlers;
}

class BenchModule {}
Module({ controllers: [controllerOf('S2S', S2S), controllerOf('RDV', RDV)] })(BenchModule);

const directory = mkdtempSync(join(tmpdir(), 'ranked-bench-'));
const seed = randomBytes(32);
writeMasterKey(join(directory, 'master.key'), seed);
const keys = new MasterKeys(join(directory, 'master.key'));
rmSync(directory, { recursive: true });

const rows = new Map();
const authenticator = { find: async (id) => rows.get(id), isStillValid: async () => true };
const clock = new SystemClock();
const parts = {
  registry: new ConnectionRegistry(),
  limits: new HandshakeLimits(SETTINGS, clock),
  challenges: new ChallengeCache({ now: () => clock.now() }),
  settings: SETTINGS,
  keys,
  clock,
  random: new SystemRandom(),
  log: createLogger('info', {}),
  authenticator,
};
const where = { host: '127.0.0.1', port: 0 };
const s2s = new ChannelStrategy({ ...parts, service: 'S2S' }, where);
const rdv = new ChannelStrategy({ ...parts, service: 'RDV' }, where);
const app = await NestFactory.create(BenchModule, { logger: false });
connectChannels(app, { s2s, rdv });
await app.startAllMicroservices();

/** Certificates that this server knows. */
function certificates(count) {
  return Array.from({ length: count }, (_, i) => {
    const { uuid, secret, expiresAt, login } = issue(seed);
    const peer = {
      kind: 'server',
      certificateId: uuid,
      name: `server-${i}`,
      publicHost: null,
      masterKeyId: 'key',
      expiresAt: expiresAt * 1000,
    };
    rows.set(uuid, {
      auth: secret,
      revoked: false,
      maintenance: false,
      peerAt: (remoteAddress) => ({ ...peer, remoteAddress }),
    });
    return login;
  });
}

/** Tickets that this server knows. */
function tickets(count) {
  return Array.from({ length: count }, (_, i) => {
    const ticketId = randomBytes(16);
    const auth = ticketAuthKey(randomBytes(32));
    const expiresAt = Date.now() + 86_400_000;
    const id = ticketId.toString('hex');
    const peer = { kind: 'player', accountId: id, ticketId: id, displayName: `Player ${i}`, expiresAt };
    rows.set(id, {
      auth,
      revoked: false,
      expiresAt,
      maintenance: false,
      peerAt: (remoteAddress) => ({ ...peer, remoteAddress }),
    });
    return { service: 'RDV', auth, credential: ticketCredential(ticketId) };
  });
}

serveCalls({
  port: () => s2s.address().port,
  masterKey: () => keys.current().publicKey,
  rdvPort: () => rdv.address().port,
  certificates,
  tickets,
  handled: () => handled,
  counters: () => ({
    handshakes: s2s.counters.handshakes,
    accepted: s2s.counters.accepted,
    open: s2s.counters.open,
  }),
});
