import fc from 'fast-check';
import { evaluate, MatchHistory, ratingModel, replay, type HistoryMatch } from '../../src/index.js';
import { matches, randomMatches, ratedOneByOne } from './histories.js';
import { EVERY_MODEL } from './every-model.js';

describe.each(EVERY_MODEL)('replay with $model', (config) => {
  const model = ratingModel(config);

  it('gives the same bits as rating the matches one by one', () => {
    fc.assert(
      fc.property(matches, (history) => {
        const expected = ratedOneByOne(history, model);
        const result = replay(history, model, { keepChanges: true });
        expect(result.ratings()).toEqual(expected.ratings);
        for (const [id, at] of expected.last) {
          expect(result.rating(id)).toEqual(expected.ratings.get(id));
          expect(result.lastPlayed(id)).toBe(at);
          expect(result.games(id)).toBe(expected.games.get(id));
        }
        history.forEach((_, i) => expect(result.change(i)).toEqual(expected.changes[i]));
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same bits through the objects of a model that has no kernel', () => {
    const plain = Object.create(model, { kernel: { value: undefined } }) as typeof model;
    fc.assert(
      fc.property(matches, (history) => {
        const options = { keepChanges: true };
        const [fast, slow] = [replay(history, model, options), replay(history, plain, options)];
        expect(slow.ratings()).toEqual(fast.ratings());
        history.forEach((_, i) => expect(slow.change(i)).toEqual(fast.change(i)));
        expect(evaluate(history, plain)).toEqual(evaluate(history, model));
      }),
      { numRuns: 20 },
    );
  });

  it('without some matches gives the same bits as a history that never had them', () => {
    fc.assert(
      fc.property(matches, fc.infiniteStream(fc.boolean()), (history, stream) => {
        const outs = history.map(() => stream.next().value as boolean);
        const removed = history.flatMap(({ id }, i) => (outs[i] === true ? [id as string] : []));
        const fresh = replay(
          history.filter((_, i) => outs[i] !== true),
          model,
        );
        expect(replay(history, model, { without: removed }).ratings()).toEqual(fresh.ratings());
        expect(replay(history, model).without(removed).ratings()).toEqual(fresh.ratings());
      }),
      { numRuns: 50 },
    );
  });
});

describe('taking matches out', () => {
  const model = ratingModel({ model: 'gaussian', tauPerDay: 1 });
  const long = randomMatches(6_000, 2, 50);
  const history = new MatchHistory(long);
  const whole = replay(history, model, { keepChanges: true });

  it.each([0, 1, 2_999, 3_000, 3_001, 4_600, 5_250, 5_400, 5_998, 5_999])(
    'match %d of 6,000: the same bits from the nearest checkpoint on',
    (index) => {
      const left = long.filter((_, i) => i !== index);
      const fresh = replay(left, model);
      const without = whole.without([index]);
      // By id: the removed match may have been somebody's first, which changes the order.
      for (const [id, rating] of fresh.ratings()) {
        expect(without.rating(id)).toEqual(rating);
        expect(without.games(id)).toBe(fresh.games(id));
        expect(without.lastPlayed(id)).toBe(fresh.lastPlayed(id));
      }
      expect(without.ratings().size).toBe(fresh.ratings().size);
      expect(without.change(index)).toBeUndefined();
    },
  );

  it('again and again comes to the same as all at once', () => {
    const oneByOne = whole.without(['m5900']).without(['m10', 'm5999']).without(['m4000']);
    const atOnce = replay(history, model, {
      without: ['m10', 'm4000', 'm5900', 'm5999'],
      keepChanges: true,
    });
    expect(oneByOne.ratings()).toEqual(atOnce.ratings());
    for (let i = 0; i < long.length; i += 97) expect(oneByOne.change(i)).toEqual(atOnce.change(i));
  });

  it('leaves the replay that it was asked of as it was', () => {
    const before = whole.ratings();
    whole.without(['m0', 'm5000']);
    expect(whole.ratings()).toEqual(before);
    expect(whole.without([]).ratings()).toEqual(before);
    expect(whole.without(['m3']).without(['m3']).ratings()).toEqual(whole.without(['m3']).ratings());
  });

  it('a recent match is taken out by rating only what is near it', () => {
    const done: number[] = [];
    whole.without(['m5990'], { onProgress: (count) => done.push(count) });
    expect(done.at(-1)).toBe(6_000);
    expect(done[0]).toBeGreaterThan(5_990);
    // With one call at each checkpoint, the first of which follows the start: it can only have begun at a late one.
    expect(done).toHaveLength(1);
  });

  it.each([
    [['nobody'], 'without[0]: there is no match "nobody"'],
    [['m1', 6_000], 'without[1]: there is no match 6000'],
    [[-1], 'without[0]: there is no match -1'],
    [[0.5], 'without[0]: there is no match 0.5'],
  ])('%j is refused', (references, message) => {
    expect(() => replay(history, model, { without: references })).toThrow(new RangeError(message));
    expect(() => whole.without(references)).toThrow(new RangeError(message));
  });
});

it('a string for the matches to leave out is refused', () => {
  expect(() => replay([], ratingModel(), { without: 'm1' })).toThrow(TypeError);
});

describe('a replay', () => {
  const model = ratingModel();
  const played: HistoryMatch[] = [
    { id: 'a', at: 0, teams: [['anna'], ['ben']], ranks: [0, 1] },
    { at: 5, teams: [['ben'], ['carl']], ranks: [0, 0] },
  ];

  it('knows nothing of who has not played, or only in matches left out', () => {
    const result = replay(played, model, { without: ['a'] });
    for (const id of ['anna', 'zoe']) {
      expect(result.rating(id)).toBeUndefined();
      expect(result.games(id)).toBe(0);
      expect(result.lastPlayed(id)).toBeUndefined();
    }
    expect([...result.ratings().keys()]).toEqual(['ben', 'carl']);
  });

  it('does not see what is added to the history later', () => {
    const history = new MatchHistory(played);
    const result = replay(history, model, { keepChanges: true });
    const before = result.ratings();
    for (let i = 0; i < 100; i++)
      history.append({ id: `x${i}`, at: 9, teams: [['anna'], ['zoe']], ranks: [0, 1] });
    expect(result.ratings()).toEqual(before);
    expect(result.without([]).ratings()).toEqual(before);
    expect(result.rating('zoe')).toBeUndefined();
    expect(result.curve('zoe')).toEqual([]);
    expect(() => result.without(['x0'])).toThrow(new RangeError('without[0]: there is no match "x0"'));
    expect(() => result.change(2)).toThrow(RangeError);
  });

  it('shows the curve of a rating, match by match', () => {
    const result = replay(played, model, { keepChanges: true });
    expect(result.curve('ben')).toEqual([
      { match: 0, at: 0, rating: result.change('a')?.after[1]?.[0] },
      { match: 1, at: 5, rating: result.rating('ben') },
    ]);
    expect(result.curve('zoe')).toEqual([]);
  });

  it('refuses changes that it was not asked to keep', () => {
    const result = replay(played, model);
    expect(() => result.change(0)).toThrow(RangeError);
    expect(() => result.curve('ben')).toThrow(RangeError);
  });

  it('of no matches is empty', () => {
    expect(replay([], model).ratings().size).toBe(0);
  });

  it('reports how far it is', () => {
    const calls: [number, number][] = [];
    replay(randomMatches(20_000, 1, 10), model, { onProgress: (done, total) => calls.push([done, total]) });
    expect(calls.at(-1)).toEqual([20_000, 20_000]);
    expect(calls.length).toBeGreaterThan(1);
    calls.reduce((previous, [done]) => {
      expect(done).toBeGreaterThan(previous);
      return done;
    }, 0);
  });
});
