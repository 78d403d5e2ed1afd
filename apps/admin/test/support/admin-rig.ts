import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  authorityPaths,
  issueOperatorCertificate,
  openAuthority,
  type KeyedCertificate,
} from '@ranked/admin-pki';
import { ensureKeys } from '@ranked/cert/files';
import { auditLog, operatorCertificates, type AuditEntry, type StoreTarget } from '@ranked/store';
import { AdminConfig } from '../../src/config/admin-config.js';
import { parseAddressRange } from '../../src/gate/address-list.js';
import { startAdmin, type RunningAdmin } from '../../src/start-admin.js';
import { TokenDigest } from '../../src/token/token-digest.js';

/** The token of every rig. */
export const TOKEN = 'test-token-0123456789-abcdefghij';

/** An answer, read whole. */
export interface Answer<T = unknown> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON; undefined when it is none. */
  body: T;
}

/** How a request differs from a good one. */
export interface CallOptions {
  body?: unknown;
  /** Null: no token. */
  token?: string | null;
  headers?: Record<string, string>;
  client?: KeyedCertificate | null;
  localAddress?: string;
  /** Of another dashboard on the same data. */
  port?: number;
}

/** A dashboard in this process, on a free port, with a directory and a database of its own. */
export class AdminRig {
  readonly lines: Record<string, unknown>[];

  private constructor(
    readonly dir: string,
    readonly config: AdminConfig,
    readonly admin: RunningAdmin,
    readonly operator: KeyedCertificate & { serial: string },
    lines: Record<string, unknown>[],
  ) {
    this.lines = lines;
  }

  static async start(
    options: {
      allow?: string[];
      kernelFilter?: boolean;
      dir?: string;
      webRoot?: string;
      database?: StoreTarget;
    } = {},
  ): Promise<AdminRig> {
    const dir = options.dir ?? fs.mkdtempSync(join(tmpdir(), 'ranked-admin-'));
    ensureKeys(join(dir, 'data'));
    const config = new AdminConfig();
    config.dataDir = join(dir, 'data');
    config.database = options.database ?? { kind: 'sqlite', path: join(dir, 'data', 'ranked.sqlite') };
    config.databaseKeyFile = join(dir, 'data', 'database.key');
    config.masterKeyFile = join(dir, 'data', 'master.key');
    config.port = 0;
    config.allowText = options.allow ?? ['127.0.0.1'];
    config.allow = config.allowText.flatMap((text) => parseAddressRange(text) ?? []);
    config.kernelFilter = options.kernelFilter ?? false;
    const lines: Record<string, unknown>[] = [];
    const log = pino(
      { level: 'debug' },
      { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const token = { digest: new TokenDigest(Buffer.from(TOKEN)), path: null, created: false };
    const admin = await startAdmin(config, token, log, options.webRoot);
    const files = admin.firstOperator;
    const operator = files && {
      certificatePem: fs.readFileSync(files.certificate, 'utf8'),
      privateKeyPem: fs.readFileSync(files.key, 'utf8'),
    };
    const [row] = await admin.store.read((tx) => operatorCertificates.list(tx));
    if (!operator || !row) throw new Error('the first start made no certificate');
    return new AdminRig(dir, config, admin, { ...operator, serial: row.serial }, lines);
  }

  get port(): number {
    return this.admin.address.port;
  }

  get authorityPem(): string {
    return fs.readFileSync(authorityPaths(this.config.dataDir).certificate, 'utf8');
  }

  /** Another operator's certificate, known to the database unless told otherwise. */
  async newOperator(
    name: string,
    order: { known?: boolean; now?: number; days?: number } = {},
  ): Promise<KeyedCertificate & { serial: string }> {
    const authority = openAuthority(authorityPaths(this.config.dataDir));
    const issued = await issueOperatorCertificate(authority, {
      name,
      days: order.days ?? 1,
      now: order.now ?? Date.now(),
    });
    if (order.known !== false) {
      await this.admin.store.write('operator', (tx) => operatorCertificates.insert(tx, { name, ...issued }));
    }
    return issued;
  }

  /** Asks; rejects when the connection comes to nothing. */
  call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    return new Promise((resolve, reject) => {
      const request = https.request(this.requestOptions(method, path, options), (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: parsed(text) as T,
          });
        });
      });
      request.on('error', reject);
      request.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });
  }

  /** A file, fetched whole. */
  bytes(path: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const request = https.get(this.requestOptions('GET', path), (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(chunks)));
      });
      request.on('error', reject);
    });
  }

  get<T = unknown>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call<T>('GET', path, options);
  }

  post<T = unknown>(path: string, body: unknown, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call<T>('POST', path, { ...options, body });
  }

  put<T = unknown>(path: string, body: unknown, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call<T>('PUT', path, { ...options, body });
  }

  /** What `https.request` takes for a request to this dashboard. */
  requestOptions(method: string, path: string, options: CallOptions = {}): https.RequestOptions {
    const { token = TOKEN, client = this.operator, localAddress, port = this.port } = options;
    return {
      method,
      path,
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: this.authorityPem,
      agent: false,
      ...(client && { cert: client.certificatePem, key: client.privateKeyPem }),
      ...(localAddress !== undefined && { localAddress }),
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
    };
  }

  /** Rows of the audit log, oldest first. */
  async audit(): Promise<AuditEntry[]> {
    return (await this.admin.store.read((tx) => auditLog.list(tx, { limit: 1_000 }))).reverse();
  }

  async stop(): Promise<void> {
    await this.admin.close();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits until a condition holds; the test's own time limit ends a wait in vain. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An id that names nothing. */
export const NOBODY = randomUUID();
