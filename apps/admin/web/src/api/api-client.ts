import { ApiError, readProblem } from './api-error.js';
import type { EventsQuery, Impact } from './contract.js';
import {
  resolveEndpoint,
  type EndpointInput,
  type EndpointName,
  type EndpointResponse,
  type LooseInput,
  type PreviewableEndpoint,
} from './endpoint.js';

export interface ApiClientOptions {
  /** Held in memory alone, here and nowhere else. */
  token: string;
  /** `fetch` of the browser, unless a test has another. */
  fetch?: typeof fetch;
  /** Called when the server does not know the token (any more). */
  onUnauthenticated?: (error: ApiError) => void;
}

/** Speaks the dashboard's JSON API. Every method rejects with an {@link ApiError}, or an `AbortError` when its signal is used. */
export class ApiClient {
  readonly #token: string;
  readonly #fetch: typeof fetch;
  readonly #onUnauthenticated: (error: ApiError) => void;

  constructor(options: ApiClientOptions) {
    this.#token = options.token;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#onUnauthenticated = options.onUnauthenticated ?? (() => undefined);
  }

  /** Calls an endpoint and gives what it answers. */
  async request<Name extends EndpointName>(
    name: Name,
    input: EndpointInput<Name>,
    signal?: AbortSignal,
  ): Promise<EndpointResponse<Name>> {
    const response = await this.#send(name, input, 'application/json', signal);
    return (await readJson(response)) as EndpointResponse<Name>;
  }

  /** Asks what an action would do, without doing it. */
  async preview<Name extends PreviewableEndpoint>(
    name: Name,
    input: EndpointInput<Name>,
    signal?: AbortSignal,
  ): Promise<Impact> {
    const query = { ...(input.query as object | undefined), preview: true };
    const response = await this.#send(name, { ...input, query }, 'application/json', signal);
    return (await readJson(response)) as Impact;
  }

  /** A list as a file of comma-separated values: all rows, 10,000 at most. */
  async csv(name: EndpointName, input: LooseInput): Promise<Blob> {
    const query = { ...input.query, format: 'csv' };
    const response = await this.#send(name, { ...input, query }, 'text/csv');
    return response.blob();
  }

  /** A file that is given once, by the path that came with it. */
  async download(path: string): Promise<Blob> {
    const response = await this.#fetchChecked(path, { method: 'GET', headers: this.#headers('*/*') });
    return response.blob();
  }

  /** Opens the stream of events. */
  async events(query: EventsQuery, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const search = new URLSearchParams();
    if (query.topics) search.set('topics', query.topics);
    if (query.serverId) search.set('serverId', query.serverId);
    const response = await this.#fetchChecked(`/api/events?${search.toString()}`, {
      method: 'GET',
      headers: this.#headers('text/event-stream'),
      cache: 'no-store',
      signal,
    });
    if (response.body === null) throw new ApiError('The event stream has no body.', 'unreadable', 200);
    return response.body;
  }

  #headers(accept: string): Headers {
    return new Headers({ Accept: accept, Authorization: `Bearer ${this.#token}` });
  }

  async #send(
    name: EndpointName,
    input: LooseInput,
    accept: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { method, url } = resolveEndpoint(name, input);
    const headers = this.#headers(accept);
    const init: RequestInit = { method, headers, ...(signal ? { signal } : {}) };
    if (input.body !== undefined) {
      headers.set('Content-Type', 'application/json');
      init.body = JSON.stringify(input.body);
    }
    return this.#fetchChecked(url, init);
  }

  async #fetchChecked(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(url, { credentials: 'same-origin', redirect: 'error', ...init });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError('The dashboard’s server does not answer.', 'unreachable', 0);
    }
    if (response.ok) return response;
    const problem = await readProblem(response);
    if (problem.status === 401) this.#onUnauthenticated(problem);
    throw problem;
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError('The answer is not JSON.', 'unreadable', response.status);
  }
}
