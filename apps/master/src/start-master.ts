import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectChannels } from './channel/connect-channels.js';
import { createChannels, type Channels } from './channel/create-channels.js';
import { SystemClock, SystemRandom, type Clock, type RandomSource } from './clock/clock.js';
import type { MasterConfig } from './config/master-config.js';
import { configureHttp } from './http/configure-http.js';
import { LimitedExpressAdapter } from './http/limited-express-adapter.js';
import { closeHttpServer, runDrain } from './lifecycle/drain.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { ListenAddresses } from './lifecycle/listen-addresses.js';
import { openResources, type Resources } from './lifecycle/open-resources.js';
import type { StartFacts } from './lifecycle/start-banner.js';
import { createLogger, NestLogAdapter, type Logger } from './logging/logger.js';
import { MasterModule } from './master.module.js';
import { Ticker } from './matchmaking/ticker.js';
import { MetricSampler } from './metrics/metric-sampler.js';
import { VoidWorker } from './rating/void-worker.js';

/** What a test brings of its own. */
export interface MasterOverrides {
  clock?: Clock;
  random?: RandomSource;
  log?: Logger;
  /** False: nothing ticks by itself; the test calls `app.get(Ticker).tickOnce()`. */
  autoTick?: boolean;
}

/** A master that runs. */
export interface RunningMaster extends StartFacts {
  readonly app: NestExpressApplication;
  readonly channels: Channels;
  readonly log: Logger;
  /**
   * Stops: not ready, no new connections, CLOSE to all peers, open requests and writes finished, store closed. Calling it again
   * gives the same promise.
   * @throws DrainTimeoutError after `RANKED_DRAIN_MS`
   */
  drain(): Promise<void>;
}

interface Parts {
  app: NestExpressApplication;
  config: MasterConfig;
  resources: Resources;
  log: Logger;
}

/**
 * Starts the whole master in this process and resolves when all its listeners are open.
 * @throws what `explainStartError` makes sentences of; nothing stays open then
 */
export async function startMaster(
  config: MasterConfig,
  overrides: MasterOverrides = {},
): Promise<RunningMaster> {
  const clock = overrides.clock ?? new SystemClock();
  const random = overrides.random ?? new SystemRandom();
  const log = overrides.log ?? createLogger(config.logLevel, { node: config.nodeId });
  const resources = await openResources(config, clock, log);
  let app: NestExpressApplication | undefined;
  try {
    const module = MasterModule.with({ config, clock, random, log, ...resources });
    app = await NestFactory.create<NestExpressApplication>(module, new LimitedExpressAdapter(config), {
      logger: new NestLogAdapter(log),
      abortOnError: false,
      bodyParser: false,
    });
    const parts = { app, config, resources, log };
    const channels = await openListeners(parts);
    const sampler = app.get(MetricSampler);
    sampler.observe('s2s', channels.s2s.counters);
    sampler.observe('rdv', channels.rdv.counters);
    if (overrides.autoTick !== false) for (const task of backgroundOf(app)) task.start();
    app.get(Lifecycle).markReady();
    return describe(parts, channels);
  } catch (error) {
    await app?.close().catch(() => undefined);
    await resources.store.close();
    throw error;
  }
}

/** HTTP comes last: a login tells where players connect, so that has to be open by then. */
async function openListeners({ app, config }: Parts): Promise<Channels> {
  configureHttp(app);
  const channels = createChannels(app);
  connectChannels(app, channels);
  // Whoever listens for connections does so before the first one can come.
  await app.init();
  await app.startAllMicroservices();
  app.get(ListenAddresses).setRdv(channels.rdv.address());
  await app.listen(config.httpPort, config.httpHost);
  return channels;
}

/** What goes on by itself. */
function backgroundOf(app: NestExpressApplication): { start(): void; stop(): Promise<void> }[] {
  return [app.get(Ticker), app.get(MetricSampler), app.get(VoidWorker)];
}

function describe(parts: Parts, channels: Channels): RunningMaster {
  const { app, config, resources, log } = parts;
  let draining: Promise<void> | undefined;
  return {
    app,
    channels,
    log,
    http: { host: config.httpHost, port: (app.getHttpServer().address() as AddressInfo).port },
    s2s: { host: config.s2sHost, port: channels.s2s.address().port },
    rdv: { host: config.rdvHost, port: channels.rdv.address().port },
    masterKeyPath: resources.keys.path,
    masterPublicKey: resources.keys.current().publicKey.toString('hex'),
    databaseKeyPath: resources.databaseKeyPath,
    firstStart: resources.firstStart,
    drain: () => (draining ??= drain(parts, channels)),
  };
}

async function drain({ app, config, resources, log }: Parts, { s2s, rdv }: Channels): Promise<void> {
  app.get(Lifecycle).markDraining();
  log.info({ component: 'lifecycle' }, 'draining');
  const steps = [
    { name: 'listeners', run: () => Promise.all([s2s.stopAccepting(), rdv.stopAccepting()]) },
    {
      name: 'requests and the tick',
      run: () =>
        Promise.all([
          closeHttpServer(app.getHttpServer(), config.drainMs / 2),
          ...backgroundOf(app).map((task) => task.stop()),
        ]),
    },
    { name: 'peers', run: () => Promise.all([s2s.close(), rdv.close()]) },
    { name: 'modules', run: () => app.close() },
    { name: 'database', run: () => resources.store.close() },
  ];
  await runDrain(steps, config.drainMs);
  log.info({ component: 'lifecycle' }, 'stopped');
}
