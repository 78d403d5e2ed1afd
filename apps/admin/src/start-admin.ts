import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  authorityPaths,
  ensureAuthority,
  ensureServerCertificate,
  type AuthorityPaths,
  type OperatorFiles,
} from '@ranked/admin-pki';
import { readDatabaseKey } from '@ranked/cert/files';
import { openStore, operatorCertificates, type Store } from '@ranked/store';
import { AdminModule } from './admin.module.js';
import { Auditor } from './audit/auditor.js';
import type { AdminConfig } from './config/admin-config.js';
import { AddressGate } from './gate/address-gate.js';
import { AddressList } from './gate/address-list.js';
import { configureHttp } from './http/configure-http.js';
import { WEB_ROOT } from './http/web-page.js';
import { ensureFirstOperator } from './lifecycle/first-operator.js';
import { RepeatedTask } from './lifecycle/repeated-task.js';
import type { Logger } from './logging/logger.js';
import { AddressBook } from './settings/address-book.js';
import { OperatorDoor } from './tls/operator-door.js';
import type { LoadedToken } from './token/load-token.js';

const LOOK_MS = 500;
const FLUSH_MS = 5_000;
/** Names under which the dashboard is always reached. */
const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

/** A dashboard that runs. */
export interface RunningAdmin {
  readonly address: AddressInfo;
  readonly gate: AddressGate;
  readonly door: OperatorDoor;
  readonly app: NestExpressApplication;
  readonly store: Store;
  readonly authority: AuthorityPaths;
  /** Files of the first operator's certificate, if it was made just now. */
  readonly firstOperator: OperatorFiles | undefined;
  /** Stops listening, ends connections, closes the database. */
  close(): Promise<void>;
}

/**
 * Starts the dashboard in this process and resolves when its listener is open. The locks, from the outside in: the address
 * list, TLS with a client certificate, the token.
 * @throws PkiError, StoreError, CertError, or an error with `code` such as `EADDRINUSE`; nothing stays open then
 */
export async function startAdmin(
  config: AdminConfig,
  token: LoadedToken,
  log: Logger,
  webRoot = WEB_ROOT,
): Promise<RunningAdmin> {
  const authority = authorityPaths(config.dataDir);
  const { certificatePem } = await ensureAuthority(authority, Date.now());
  const names = [...new Set([...OWN_NAMES, config.host, ...config.names])].filter(
    (name) => name !== '0.0.0.0' && name !== '::',
  );
  const identity = await ensureServerCertificate(authority, { names, now: Date.now() });
  const store = await openStore(config.database, {
    databaseKey: config.databaseKey ?? readDatabaseKey(config.databaseKeyFile),
    now: () => Date.now(),
    logger: { warn: (fields, message) => log.warn(fields, message) },
  });
  let app: NestExpressApplication | undefined;
  const gate = new AddressGate(new AddressList(config.allow), log, config.kernelFilter);
  try {
    const firstOperator = await ensureFirstOperator(store, authority, Date.now());
    app = await NestFactory.create<NestExpressApplication>(AdminModule.with({ config, store, gate, log }), {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    });
    const auditor = app.get(Auditor);
    const door = new OperatorDoor({
      identity,
      authorityPem: certificatePem,
      inForceAmong: (serials) => store.read((tx) => operatorCertificates.inForceAmong(tx, serials)),
      refused: (refusal) => void auditor.refused(refusal),
    });
    configureHttp(app, {
      token: token.digest,
      operatorOfSocket: (socket) => door.operatorOf(socket),
      log,
      webRoot,
    });
    await app.init();
    const http = httpServer(app);
    gate.on('admitted', (socket) => door.admit(socket));
    door.on('opened', (socket) => http.emit('connection', socket));
    await app.get(AddressBook).follow();
    const address = await gate.listen({ host: config.host, port: config.port });
    const tasks = watch(app, door, log);
    const close = closing({ app, gate, http, store, tasks });
    return { address, gate, door, app, store, authority, firstOperator, close };
  } catch (error) {
    await app?.close().catch(() => undefined);
    await store.close();
    throw error;
  }
}

/** Requests of connections that the second lock hands over; it listens nowhere itself. */
function httpServer(app: NestExpressApplication): Server {
  const handler = app.getHttpAdapter().getInstance() as Parameters<typeof createServer>[1];
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, handler);
  // Node begins to watch over these two times when a server listens; this one never does.
  server.emit('listening');
  return server;
}

/** What is looked at again and again: certificates that were revoked, the address list, refusals to sum up. */
function watch(app: NestExpressApplication, door: OperatorDoor, log: Logger): RepeatedTask[] {
  const book = app.get(AddressBook);
  const { refusals } = app.get(Auditor);
  const tasks = [
    new RepeatedTask(
      LOOK_MS,
      async () => {
        await door.expel();
        await book.follow();
      },
      (err) => log.error({ err }, 'the watch over certificates and addresses failed'),
    ),
    new RepeatedTask(
      FLUSH_MS,
      () => refusals.flush(),
      (err) => log.error({ err }, 'refusals were not summed up'),
    ),
  ];
  for (const task of tasks) task.start();
  return tasks;
}

function closing(parts: {
  app: NestExpressApplication;
  gate: AddressGate;
  http: Server;
  store: Store;
  tasks: RepeatedTask[];
}): () => Promise<void> {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const { app, gate, http, store, tasks } = parts;
    await Promise.all(tasks.map((task) => task.stop()));
    await gate.close();
    http.closeAllConnections();
    // Its timer would keep nothing alive, but it ends with the server all the same.
    http.close(() => undefined);
    await app.close();
    await store.close();
  };
  return () => (closed ??= close());
}
