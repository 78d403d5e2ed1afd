import { join } from 'node:path';
import { loadConfig, type Environment } from '../../src/config/load-config.js';
import type { MasterConfig } from '../../src/config/master-config.js';
import { createLogger } from '../../src/logging/logger.js';
import { startMaster, type MasterOverrides, type RunningMaster } from '../../src/start-master.js';
import { STORE } from '../../src/store/store.module.js';
import type { Store } from '@ranked/store';
import { LogSink } from './log-sink.js';
import { removeTempDirs, tempDir } from './temp-dir.js';

/** An answer of the API; `body` is parsed where it is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

export interface RequestOptions {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

const open: TestMaster[] = [];

/** A real master on free ports with a database of its own. */
export class TestMaster {
  private constructor(
    readonly running: RunningMaster,
    readonly config: MasterConfig,
    readonly log: LogSink,
  ) {}

  /** Settings of `env` over those of a test: a fresh data directory, free ports, limits that a test does not meet by accident. */
  static async start(env: Environment = {}, overrides: MasterOverrides = {}): Promise<TestMaster> {
    const config = testConfig(env);
    const log = new LogSink();
    const running = await startMaster(config, {
      log: createLogger(config.logLevel, { node: config.nodeId }, log),
      ...overrides,
    });
    const master = new TestMaster(running, config, log);
    open.push(master);
    return master;
  }

  get url(): string {
    return `http://127.0.0.1:${this.running.http.port}`;
  }

  get store(): Store {
    return this.running.app.get<Store>(STORE);
  }

  async request(
    method: string,
    path: string,
    { body, token, headers = {} }: RequestOptions = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', path, options);
  }

  post(path: string, body: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', path, { ...options, body });
  }

  /** Registers a player, logs in, and gives the answer of the login with the id on top. */
  async player(
    username: string,
    password = `${username}-password`,
  ): Promise<{ id: string; token: string; login: Record<string, unknown> }> {
    const made = await this.post('/v1/accounts', { username, password });
    if (made.status !== 201) throw new Error(`registration answered ${made.status}: ${made.text}`);
    const login = await this.post('/v1/sessions', { username, password });
    if (login.status !== 201) throw new Error(`login answered ${login.status}: ${login.text}`);
    return { id: String(made.body['id']), token: String(login.body['accessToken']), login: login.body };
  }
}

/** See {@link TestMaster.start}. */
export function testConfig(env: Environment = {}): MasterConfig {
  return loadConfig({
    RANKED_DATA: join(tempDir(), 'data'),
    RANKED_HTTP_PORT: '0',
    RANKED_S2S_PORT: '0',
    RANKED_RDV_PORT: '0',
    RANKED_LOG_LEVEL: 'debug',
    RANKED_HTTP_REQUEST_BURST: '100000',
    RANKED_LOGIN_BURST: '100000',
    RANKED_ACCOUNT_LOGIN_BURST: '100000',
    ...env,
  });
}

/** Call it in `afterAll`. */
export async function stopTestMasters(): Promise<void> {
  await Promise.all(open.splice(0).map(({ running }) => running.drain()));
  removeTempDirs();
}
