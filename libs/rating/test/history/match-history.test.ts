import fc from 'fast-check';
import { MatchHistory, type HistoryMatch } from '../../src/index.js';
import { matches } from './histories.js';

const good: HistoryMatch = { id: 'a', at: 10, teams: [['anna', 'ben'], ['carl']], ranks: [0, 1] };
const wrong = (change: object) => ({ ...good, id: 'b', ...change }) as HistoryMatch;

describe('MatchHistory', () => {
  it('gives every match back as it was added', () => {
    fc.assert(
      fc.property(matches, (given) => {
        const history = new MatchHistory(given);
        expect(history.length).toBe(given.length);
        given.forEach((match, i) => {
          const { matchImportance, ...rest } = match;
          const expected = matchImportance === undefined || matchImportance === 1 ? rest : match;
          expect(history.match(i)).toEqual(expected);
          expect(history.matchIndex(match.id as string)).toBe(i);
        });
        expect(history.playerIds).toEqual([...new Set(given.flatMap(({ teams }) => teams.flat()))]);
        history.playerIds.forEach((id, i) => expect(history.playerIndex(id)).toBe(i));
      }),
    );
  });

  it('takes any iterable, and ids that are names of properties', () => {
    function* generated() {
      yield { id: '__proto__', at: 0, teams: [['constructor'], ['__proto__']], ranks: [0, 1] };
      yield { id: 'toString', at: 0, teams: [[''], ['constructor']], ranks: [0, 1] };
    }
    const history = new MatchHistory(generated());
    expect(history.playerIds).toEqual(['constructor', '__proto__', '']);
    expect(history.matchIndex('toString')).toBe(1);
    expect(history.matchIndex('valueOf')).toBeUndefined();
  });

  it.each<[unknown, typeof TypeError | typeof RangeError, string]>([
    [null, TypeError, 'matches[1]: expected an object, got null'],
    [wrong({ id: 7 }), TypeError, 'matches[1].id: expected a string, got number'],
    [wrong({ id: 'a' }), RangeError, 'matches[1].id: "a" is that of matches[0]'],
    [wrong({ at: undefined }), TypeError, 'matches[1].at: '],
    [wrong({ at: '2020' }), TypeError, 'matches[1].at: '],
    [wrong({ at: NaN }), RangeError, 'matches[1].at: '],
    [wrong({ at: Infinity }), RangeError, 'matches[1].at: '],
    [wrong({ at: 9 }), RangeError, 'matches[1].at: 9 is before 10'],
    [wrong({ teams: undefined }), TypeError, 'matches[1].teams: '],
    [wrong({ teams: [['anna']] }), RangeError, 'matches[1].teams: '],
    [wrong({ teams: [['anna'], []] }), RangeError, 'matches[1].teams[1]: '],
    [wrong({ teams: [['anna'], 'ben'] }), TypeError, 'matches[1].teams[1]: '],
    [wrong({ teams: [['anna'], [7]] }), TypeError, 'matches[1].teams[1][0]: '],
    [
      wrong({ teams: [['anna'], ['anna']] }),
      RangeError,
      'matches[1].teams[1][0]: player "anna" is in the match twice',
    ],
    [wrong({ teams: [['anna', 'ben', 'anna'], ['carl']] }), RangeError, 'matches[1].teams[0][2]: '],
    [wrong({ ranks: undefined }), TypeError, 'matches[1].ranks: '],
    [wrong({ ranks: [0] }), RangeError, 'matches[1].ranks: '],
    [wrong({ ranks: [0, 1, 2] }), RangeError, 'matches[1].ranks: '],
    [wrong({ ranks: [0, NaN] }), RangeError, 'matches[1].ranks[1]: '],
    [wrong({ ranks: [0, '1'] }), TypeError, 'matches[1].ranks[1]: '],
    [wrong({ scores: 3 }), TypeError, 'matches[1].scores: '],
    [wrong({ scores: [3] }), RangeError, 'matches[1].scores: '],
    [wrong({ scores: [3, Infinity] }), RangeError, 'matches[1].scores[1]: '],
    [wrong({ scores: [1, 3] }), RangeError, 'matches[1].scores[1]: 3 against 1 contradicts ranks 1 and 0'],
    [wrong({ ranks: [1, 1], scores: [1, 3] }), RangeError, 'matches[1].scores[1]: '],
    [wrong({ host: 2 }), RangeError, 'matches[1].host: '],
    [wrong({ host: -1 }), RangeError, 'matches[1].host: '],
    [wrong({ host: 0.5 }), RangeError, 'matches[1].host: '],
    [wrong({ host: 'anna' }), TypeError, 'matches[1].host: '],
    [wrong({ playFraction: 1 }), TypeError, 'matches[1].playFraction: '],
    [wrong({ playFraction: [[1, 1]] }), RangeError, 'matches[1].playFraction: '],
    [wrong({ playFraction: [[1, 1], 1] }), TypeError, 'matches[1].playFraction[1]: '],
    [wrong({ playFraction: [[1], [1]] }), RangeError, 'matches[1].playFraction[0]: '],
    [wrong({ playFraction: [[1, 1.5], [1]] }), RangeError, 'matches[1].playFraction[0][1]: '],
    [wrong({ playFraction: [[1, 1], [NaN]] }), RangeError, 'matches[1].playFraction[1][0]: '],
    [wrong({ matchImportance: -1 }), RangeError, 'matches[1].matchImportance: '],
    [wrong({ matchImportance: '1' }), TypeError, 'matches[1].matchImportance: '],
  ])('refuses %j', (match, error, message) => {
    const history = new MatchHistory([good]);
    let thrown: unknown;
    try {
      history.append(match as HistoryMatch);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message.startsWith(message)).toBe(true);
    // What was refused left nothing behind.
    expect(history.length).toBe(1);
    expect(history.playerIds).toEqual(['anna', 'ben', 'carl']);
    expect(history.matchIndex('b')).toBeUndefined();
    history.append(wrong({}));
    expect(history.match(1)).toEqual(wrong({}));
  });

  it.each([[7], [null], [{}], ['x']])('refuses %j for matches', (given) => {
    expect(() => new MatchHistory(given as unknown as HistoryMatch[])).toThrow(TypeError);
  });

  it.each([-1, 1, 0.5, NaN])('has no match %d', (index) => {
    expect(() => new MatchHistory([good]).match(index)).toThrow(RangeError);
  });
});
