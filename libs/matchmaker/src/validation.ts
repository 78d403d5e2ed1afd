import type { Entry, ProposeInput, QueueRules, ServerSlot } from './queue.js';

/** More than this many players in one match are taken for a mistake. */
const MAX_PLAYERS = 1000;

function requireNumber(value: number, path: string, least: number): void {
  if (typeof value !== 'number') throw new TypeError(`${path}: expected a number, got ${typeof value}`);
  if (!Number.isFinite(value) || value < least) {
    throw new RangeError(`${path}: expected a finite number of at least ${least}, got ${value}`);
  }
}

function requireInteger(value: number, path: string, least: number): void {
  requireNumber(value, path, least);
  if (!Number.isInteger(value)) throw new RangeError(`${path}: expected a whole number, got ${value}`);
}

function requireId(value: string, path: string): void {
  if (typeof value !== 'string') throw new TypeError(`${path}: expected a string, got ${typeof value}`);
  if (value === '') throw new RangeError(`${path}: must not be empty`);
}

/**
 * Refuses rules by which no match could be made.
 *
 * @throws TypeError for a value of the wrong type, RangeError for one out of range; the message begins with its path
 */
export function validateQueueRules(queue: QueueRules): void {
  requireId(queue.name, 'queue.name');
  requireInteger(queue.teams, 'queue.teams', 2);
  requireInteger(queue.size, 'queue.size', 1);
  if (queue.teams * queue.size > MAX_PLAYERS) {
    throw new RangeError(
      `queue.size: a match may have ${MAX_PLAYERS} players at most, got ${queue.teams} × ${queue.size}`,
    );
  }
  const { initial, perSecond, max, lastResortAfter } = queue.window;
  requireNumber(initial, 'queue.window.initial', 0);
  requireNumber(perSecond, 'queue.window.perSecond', 0);
  requireNumber(max, 'queue.window.max', 0);
  if (max < initial) {
    throw new RangeError(`queue.window.max: must not be below queue.window.initial (${initial}), got ${max}`);
  }
  if (lastResortAfter !== undefined) requireNumber(lastResortAfter, 'queue.window.lastResortAfter', 0);
  const { model } = queue;
  if (typeof model?.quality !== 'function' || typeof model.pointsPerUnit !== 'number') {
    throw new TypeError('queue.model: expected a rating model');
  }
}

/** Refuses servers that are no servers or are named twice. */
export function validateServers(servers: readonly ServerSlot[]): void {
  const seen = new Set<string>();
  servers.forEach(({ id, free }, i) => {
    requireId(id, `servers[${i}].id`);
    requireInteger(free, `servers[${i}].free`, 0);
    if (seen.has(id)) throw new RangeError(`servers[${i}].id: "${id}" is there twice`);
    seen.add(id);
  });
}

/** Refuses input that is wrong as a whole; entries are looked at by {@link EntryValidator}. */
export function validateInput(input: ProposeInput): void {
  requireNumber(input.now, 'now', 0);
  validateQueueRules(input.queue);
  if (!Array.isArray(input.entries)) throw new TypeError('entries: expected an array');
  if (!Array.isArray(input.servers)) throw new TypeError('servers: expected an array');
  validateServers(input.servers);
}

/** Refuses entries that are wrong in themselves, or that name an entry or player already seen. */
export class EntryValidator {
  private readonly entryIds = new Set<string>();
  private readonly playerIds = new Set<string>();

  constructor(private readonly size: number) {}

  /** `index` is the entry's place in the input, for the message. */
  check(entry: Entry, index: number): void {
    const { id, joinedAt, players } = entry;
    // Paths are put together only when something is wrong: there may be a hundred thousand entries.
    if (typeof id !== 'string' || id === '') requireId(id, `entries[${index}].id`);
    if (!Number.isFinite(joinedAt) || joinedAt < 0) requireNumber(joinedAt, `entries[${index}].joinedAt`, 0);
    if (!Array.isArray(players)) throw new TypeError(`entries[${index}].players: expected an array`);
    if (players.length < 1 || players.length > this.size) {
      throw new RangeError(
        `entries[${index}].players: expected 1 to ${this.size} players, got ${players.length}`,
      );
    }
    this.entryIds.add(id);
    if (this.entryIds.size !== index + 1)
      throw new RangeError(`entries[${index}].id: "${id}" is there twice`);
    for (let i = 0; i < players.length; i++) this.checkPlayer(entry, index, i);
  }

  private checkPlayer(entry: Entry, index: number, i: number): void {
    const { id, rating } = entry.players[i] as Entry['players'][number];
    if (typeof id !== 'string' || id === '') requireId(id, `entries[${index}].players[${i}].id`);
    if (!(Number.isFinite(rating?.mu) && Number.isFinite(rating.sigma) && rating.sigma >= 0)) {
      throw new RangeError(
        `entries[${index}].players[${i}].rating: expected finite numbers { mu, sigma >= 0 }, got ${JSON.stringify(rating)}`,
      );
    }
    const before = this.playerIds.size;
    this.playerIds.add(id);
    if (this.playerIds.size === before) {
      throw new RangeError(`entries[${index}].players[${i}].id: "${id}" is there twice`);
    }
  }
}
