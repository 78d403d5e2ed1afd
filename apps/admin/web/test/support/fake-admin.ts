import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Events, ProblemBody } from '../../src/api/contract.js';
import { fakePreviews } from './fake-actions.js';
import { fakeEndpoints, type Call, type Handlers } from './fake-endpoints.js';
import { FakeProblem, notFound } from './fake-problem.js';
import { FakeWorld } from './fake-world.js';

/** As the real server sends it. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A stand-in for the dashboard's server: its headers, its API by the contract's types, its events, over a made-up world. */
export class FakeAdmin {
  readonly token = 'a-token-for-tests-0123456789abcdef';
  world = new FakeWorld();
  /** Set: `/api` answers this, as when the server is in trouble. */
  broken: ProblemBody | null = null;
  /** False: nobody's token is taken any more. */
  takesToken = true;
  /** Seconds until another token is looked at, after a wrong one. */
  slowSeconds = 0;
  /** Requests that came, `GET /api/servers?state=silent`. */
  readonly requests: string[] = [];
  readonly #opened = new EventEmitter();
  readonly #streams = new Map<ServerResponse, string[]>();
  readonly #server: Server;
  #handlers: Handlers;

  constructor(private readonly root: string) {
    this.#handlers = fakeEndpoints(this.world);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#fail(response, error));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.breakStreams();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** A new world, and everything as at first. */
  reset(): void {
    this.world = new FakeWorld();
    this.#handlers = fakeEndpoints(this.world);
    this.broken = null;
    this.takesToken = true;
    this.slowSeconds = 0;
    this.requests.length = 0;
  }

  /** Open streams of events. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Sends an event to every page that wants its topic, as soon as there is one. */
  async emit<Name extends keyof Events>(name: Name, data: Events[Name]): Promise<void> {
    const isWanted = (topics: string[]): boolean => topics.includes(name) || name === 'trouble';
    while (![...this.#streams.values()].some(isWanted)) await once(this.#opened, 'stream');
    for (const [response, topics] of this.#streams) {
      if (isWanted(topics)) write(response, name, data);
    }
  }

  /** Ends the streams, as when the server restarts. */
  breakStreams(): void {
    for (const response of this.#streams.keys()) response.destroy();
    this.#streams.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    const url = new URL(request.url ?? '/', 'http://fake');
    if (!url.pathname.startsWith('/api/')) return this.#file(url.pathname, response);
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    this.#checkToken(request);
    if (this.broken !== null) throw new FakeProblem(this.broken);
    if (url.pathname === '/api/events') return this.#stream(url, response);
    const { name, params } = this.#resolve(request.method ?? 'GET', url.pathname);
    if (name === 'GET /api/certificates/downloads/:id') {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(Buffer.alloc(133, 7));
      return;
    }
    const text = await readText(request);
    const call: Call = { params, query: url.searchParams, body: text === '' ? undefined : JSON.parse(text) };
    const previews = fakePreviews(this.world);
    const preview = Object.entries(previews).find(([previewed]) => previewed === name)?.[1];
    const isPreview = url.searchParams.get('preview') === 'true' && preview !== undefined;
    const answer: unknown = isPreview ? preview(call) : this.#handlers[name](call);
    if (url.searchParams.get('format') === 'csv') {
      response.setHeader('Content-Type', 'text/csv; charset=utf-8');
      response.end('id,name\r\n1,one\r\n');
      return;
    }
    response.setHeader('Content-Type', 'application/json');
    response.statusCode = name === 'POST /api/certificates' ? 201 : 200;
    response.end(JSON.stringify(answer));
  }

  #checkToken(request: IncomingMessage): void {
    const isRight = this.takesToken && request.headers.authorization === `Bearer ${this.token}`;
    if (isRight && this.slowSeconds === 0) return;
    const headers: Record<string, string> =
      this.slowSeconds > 0 ? { 'Retry-After': String(this.slowSeconds) } : {};
    throw new FakeProblem(
      {
        type: '/problems/unauthenticated',
        title: 'Not signed in',
        status: 401,
        detail: 'The token is not right.',
      },
      headers,
    );
  }

  #resolve(method: string, path: string): { name: keyof Handlers; params: Record<string, string> } {
    for (const name of Object.keys(this.#handlers) as (keyof Handlers)[]) {
      const names: string[] = [];
      const pattern = name
        .slice(name.indexOf(' ') + 1)
        .replace(/:([A-Za-z]+)/g, (_match, parameter: string) => {
          names.push(parameter);
          return '([^/]+)';
        });
      if (!name.startsWith(`${method} `)) continue;
      const match = new RegExp(`^${pattern}$`).exec(path);
      if (match === null) continue;
      return {
        name,
        params: Object.fromEntries(
          names.map((parameter, index) => [parameter, decodeURIComponent(match[index + 1] ?? '')]),
        ),
      };
    }
    throw notFound();
  }

  #stream(url: URL, response: ServerResponse): void {
    const topics = (url.searchParams.get('topics') ?? 'overview').split(',');
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.#streams.set(response, topics);
    response.on('close', () => this.#streams.delete(response));
    const hello: Events['hello'] = {
      at: Date.now(),
      version: '0.1.0',
      topics: topics as Events['hello']['topics'],
    };
    write(response, 'hello', hello);
    write(response, 'overview', { ...this.world.overview, at: Date.now() });
    if (topics.includes('queues')) write(response, 'queues', this.world.queues);
    response.write(': still here\n\n');
    this.#opened.emit('stream');
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const inside = normalize(path).replace(/^\/+/, '');
    const isFile = extname(inside) !== '';
    const file = join(this.root, isFile ? inside : 'index.html');
    const content = await readFile(file).catch(() => null);
    if (content === null) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.setHeader(
      'Cache-Control',
      inside.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    );
    response.end(content);
  }

  #fail(response: ServerResponse, error: unknown): void {
    const problem =
      error instanceof FakeProblem
        ? error
        : new FakeProblem({
            type: '/problems/internal',
            title: 'Internal',
            status: 500,
            detail: String(error),
          });
    response.writeHead(problem.body.status, {
      ...problem.headers,
      'Content-Type': 'application/problem+json',
    });
    response.end(JSON.stringify(problem.body));
  }
}

function write<Name extends keyof Events>(response: ServerResponse, name: Name, data: Events[Name]): void {
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
