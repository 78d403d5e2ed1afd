/** The master's HTTP API as a player's program uses it. */
export interface Login {
  accessToken: string;
  ticket: { id: string; secret: string };
  rdv: { host: string; port: number };
  masterPublicKey: string;
  player: { id: string };
}

export interface LeaderboardRow {
  rank: number;
  playerId: string;
  displayName: string;
  rating: number;
  games: number;
  wins: number;
  tier: string | null;
}

/** Rows of one page, the most the API gives. */
const PAGE = 100;

export class MasterApi {
  readonly #base: string;

  constructor(host: string, port: number) {
    this.#base = `http://${host}:${port}`;
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.#base + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Resolves when `/readyz` says yes; rejects after `withinMs`. */
  async ready(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const ok = await fetch(`${this.#base}/readyz`).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return;
      if (Date.now() > deadline)
        throw new Error(`the master did not become ready within ${withinMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async register(username: string, password: string): Promise<void> {
    await this.#call('POST', '/v1/accounts', { username, password });
  }

  login(username: string, password: string): Promise<Login> {
    return this.#call('POST', '/v1/sessions', { username, password });
  }

  /** The whole leaderboard of a queue, best first. */
  async leaderboard(queue: string): Promise<LeaderboardRow[]> {
    const rows: LeaderboardRow[] = [];
    for (;;) {
      const path = `/v1/queues/${queue}/leaderboard?limit=${PAGE}&offset=${rows.length}`;
      const { items } = await this.#call<{ items: LeaderboardRow[] }>('GET', path);
      rows.push(...items);
      if (items.length < PAGE) return rows;
    }
  }
}
