/** mulberry32: small, seeded, good enough for a population. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const NOW = 1_000_000;

/**
 * Entries that joined within the last minute, of normally distributed strength. `share`: of them may be parties; `wishful`: players
 * have latencies to three regions, blocks and last opponents.
 */
export function population(players, { share = 0, size = 1, wishful = false } = {}) {
  const next = random(players);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const hex = (n) =>
    Math.floor(n * 4294967296)
      .toString(16)
      .padStart(8, '0');
  const wishes = () => {
    const home = Math.floor(next() * 3);
    return {
      latencies: Object.fromEntries(
        ['as', 'eu', 'us'].map((region, i) => [region, i === home ? 20 + 40 * next() : 90 + 90 * next()]),
      ),
    };
  };
  const entries = [];
  for (let left = players; left > 0;) {
    const party = next() < share ? 1 + Math.floor(next() * Math.min(size, left)) : 1;
    left -= party;
    const mu = 25 + 6 * normal();
    entries.push({
      id: hex(next()) + hex(next()),
      joinedAt: NOW - Math.floor(next() * 60_000),
      players: Array.from({ length: party }, () => ({
        id: hex(next()) + hex(next()),
        rating: { mu: mu + normal(), sigma: 1 + 5 * next() },
        ...(wishful && wishes()),
      })),
    });
  }
  if (!wishful) return entries;
  const someone = () => entries[Math.floor(next() * entries.length)].players[0].id;
  for (const { players: members } of entries) {
    for (const player of members) {
      player.lastOpponents = [someone()];
      if (next() < 0.1) player.blocked = [someone()];
    }
  }
  return entries;
}
