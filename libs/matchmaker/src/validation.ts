import type { Entry, Player, ProposeInput, QueueRules, ServerSlot, WindowRules } from './queue.js';

/** More than this many players in one match are taken for a mistake. */
const MAX_PLAYERS = 1000;
/** Whether roles can be filled is counted per set of roles: 64 sets. */
const MAX_ROLES = 6;
const PARTY_RULES: readonly unknown[] = ['mixed', 'against-parties-first', 'only-against-parties'];
const REPEAT_RULES: readonly unknown[] = ['avoid', 'allow'];

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

function requireIds(value: readonly string[], path: string): void {
  if (!Array.isArray(value)) throw new TypeError(`${path}: expected an array`);
  for (let i = 0; i < value.length; i++) requireId(value[i] as string, `${path}[${i}]`);
}

function requireOneOf(value: unknown, path: string, allowed: readonly unknown[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw new RangeError(`${path}: expected one of ${allowed.join(', ')}, got ${String(value)}`);
  }
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
  validateWindow(queue.window);
  const { model } = queue;
  if (
    typeof model?.quality !== 'function' ||
    typeof model.predict !== 'function' ||
    typeof model.pointsPerUnit !== 'number'
  ) {
    throw new TypeError('queue.model: expected a rating model');
  }
  requireOneOf(queue.parties, 'queue.parties', PARTY_RULES);
  requireOneOf(queue.repeats, 'queue.repeats', REPEAT_RULES);
  if (queue.roles !== undefined) validateRoles(queue.roles, queue.size);
  if (queue.latency !== undefined) {
    const { good, max } = queue.latency;
    requireNumber(good, 'queue.latency.good', 0);
    requireNumber(max, 'queue.latency.max', 0);
    if (max < good) {
      throw new RangeError(`queue.latency.max: must not be below queue.latency.good (${good}), got ${max}`);
    }
  }
  if (queue.build !== undefined) requireId(queue.build, 'queue.build');
  if (queue.probationShare !== undefined) {
    requireNumber(queue.probationShare, 'queue.probationShare', 0);
    if (queue.probationShare > 1) {
      throw new RangeError(`queue.probationShare: must not be above 1, got ${queue.probationShare}`);
    }
  }
  const { search } = queue;
  if (typeof search === 'object' && search !== null) requireInteger(search.steps, 'queue.search.steps', 0);
  else requireOneOf(search, 'queue.search', ['fast']);
}

function validateWindow({ initial, perSecond, max, lastResortAfter, curve }: WindowRules): void {
  requireNumber(initial, 'queue.window.initial', 0);
  requireNumber(perSecond, 'queue.window.perSecond', 0);
  requireNumber(max, 'queue.window.max', 0);
  if (max < initial) {
    throw new RangeError(`queue.window.max: must not be below queue.window.initial (${initial}), got ${max}`);
  }
  if (lastResortAfter !== undefined) requireNumber(lastResortAfter, 'queue.window.lastResortAfter', 0);
  if (curve === undefined) return;
  if (!Array.isArray(curve)) throw new TypeError('queue.window.curve: expected an array');
  let [before, narrowest] = [0, initial];
  curve.forEach((point: readonly [number, number], i) => {
    const path = `queue.window.curve[${i}]`;
    if (!Array.isArray(point)) throw new TypeError(`${path}: expected [seconds, width]`);
    requireNumber(point[0], `${path}[0]`, before);
    requireNumber(point[1], `${path}[1]`, narrowest);
    if (point[0] === before)
      throw new RangeError(`${path}[0]: must be above the time before it, ${before} s`);
    [before, narrowest] = point;
  });
}

function validateRoles(roles: Readonly<Record<string, number>>, size: number): void {
  if (typeof roles !== 'object' || roles === null) throw new TypeError('queue.roles: expected an object');
  const names = Object.keys(roles);
  if (names.length > MAX_ROLES) {
    throw new RangeError(`queue.roles: at most ${MAX_ROLES} roles, got ${names.length}`);
  }
  let total = 0;
  for (const name of names) {
    requireInteger(roles[name] as number, `queue.roles.${name}`, 1);
    total += roles[name] as number;
  }
  if (total > size) throw new RangeError(`queue.roles: ${total} places by role in teams of ${size} players`);
}

/** Refuses servers that are no servers or are named twice. */
export function validateServers(servers: readonly ServerSlot[]): void {
  const seen = new Set<string>();
  servers.forEach(({ id, free, region }, i) => {
    requireId(id, `servers[${i}].id`);
    requireInteger(free, `servers[${i}].free`, 0);
    if (typeof region !== 'string')
      throw new TypeError(`servers[${i}].region: expected a string, got ${typeof region}`);
    if (seen.has(id)) throw new RangeError(`servers[${i}].id: "${id}" is there twice`);
    seen.add(id);
  });
}

/** Refuses input that is wrong as a whole; entries are looked at by {@link validateEntry}. */
export function validateInput(input: ProposeInput): void {
  requireNumber(input.now, 'now', 0);
  validateQueueRules(input.queue);
  if (!Array.isArray(input.entries)) throw new TypeError('entries: expected an array');
  if (!Array.isArray(input.servers)) throw new TypeError('servers: expected an array');
  validateServers(input.servers);
}

/** Refuses an entry that is wrong in itself. `index`: its place in the input, for the message; `size`: players in a team. */
export function validateEntry(entry: Entry, index: number, size: number): void {
  const { id, joinedAt, players, ahead } = entry;
  // Paths are put together only when something is wrong: there may be a hundred thousand entries.
  if (typeof id !== 'string' || id === '') requireId(id, `entries[${index}].id`);
  if (!Number.isFinite(joinedAt) || joinedAt < 0) requireNumber(joinedAt, `entries[${index}].joinedAt`, 0);
  if (!Array.isArray(players)) throw new TypeError(`entries[${index}].players: expected an array`);
  if (players.length < 1 || players.length > size) {
    throw new RangeError(`entries[${index}].players: expected 1 to ${size} players, got ${players.length}`);
  }
  if (ahead !== undefined && typeof ahead !== 'boolean')
    throw new TypeError(`entries[${index}].ahead: expected a boolean, got ${typeof ahead}`);
  for (let i = 0; i < players.length; i++) {
    const player = players[i] as Player;
    if (typeof player.id !== 'string' || player.id === '')
      requireId(player.id, `entries[${index}].players[${i}].id`);
    const { rating } = player;
    if (!(Number.isFinite(rating?.mu) && Number.isFinite(rating.sigma) && rating.sigma >= 0)) {
      throw new RangeError(
        `entries[${index}].players[${i}].rating: expected finite numbers { mu, sigma >= 0 }, got ${JSON.stringify(rating)}`,
      );
    }
    checkWishes(player, index, i);
  }
}

function checkWishes(player: Player, index: number, i: number): void {
  const { latencies, roles, blocked, lastOpponents } = player;
  if (latencies !== undefined) {
    const path = `entries[${index}].players[${i}].latencies`;
    if (typeof latencies !== 'object' || latencies === null)
      throw new TypeError(`${path}: expected an object`);
    for (const region of Object.keys(latencies))
      requireNumber(latencies[region] as number, `${path}.${region}`, 0);
  }
  if (roles !== undefined) requireIds(roles, `entries[${index}].players[${i}].roles`);
  if (blocked !== undefined) requireIds(blocked, `entries[${index}].players[${i}].blocked`);
  if (lastOpponents !== undefined) requireIds(lastOpponents, `entries[${index}].players[${i}].lastOpponents`);
}
