import type { FlatMatch } from '../kernel.js';
import type { Rating, RatingModel } from '../rating.js';

const MILLISECONDS_PER_DAY = 86_400_000;
/** Numbers per player, side by side so that a player is one place in memory: mu, sigma, games, time of the last match. */
const WIDTH = 4;

/** Where every player of a history stands at some point of it. */
export class RatingTable {
  private constructor(
    private readonly numbers: Float64Array,
    /** Per player; empty for models without. */
    private readonly volatilities: Float64Array,
  ) {}

  /** Everybody as the model has new players. */
  static initial(model: RatingModel, players: number): RatingTable {
    const { mu, sigma, volatility } = model.initial();
    const numbers = new Float64Array(players * WIDTH);
    for (let i = 0; i < numbers.length; i += WIDTH) {
      numbers[i] = mu;
      numbers[i + 1] = sigma;
    }
    const hasVolatility = volatility !== undefined;
    return new RatingTable(numbers, new Float64Array(hasVolatility ? players : 0).fill(volatility ?? 0));
  }

  copy(): RatingTable {
    return new RatingTable(this.numbers.slice(), this.volatilities.slice());
  }

  /** Puts the ratings of `flat.players` players, listed from `first` on, into `flat`, with the days they were idle. */
  load(players: Int32Array, first: number, at: number, flat: FlatMatch): void {
    const { numbers, volatilities } = this;
    const { mu, sigma, days } = flat;
    for (let i = 0; i < flat.players; i++) {
      const place = (players[first + i] as number) * WIDTH;
      mu[i] = numbers[place] as number;
      sigma[i] = numbers[place + 1] as number;
      // Who is new has not been idle.
      days[i] = numbers[place + 2] === 0 ? 0 : (at - (numbers[place + 3] as number)) / MILLISECONDS_PER_DAY;
    }
    if (volatilities.length === 0) return;
    for (let i = 0; i < flat.players; i++) {
      flat.volatility[i] = volatilities[players[first + i] as number] as number;
    }
  }

  /** Takes the ratings after a match at `at` from `flat`. */
  store(players: Int32Array, first: number, at: number, flat: FlatMatch): void {
    const { numbers, volatilities } = this;
    const { mu, sigma } = flat;
    for (let i = 0; i < flat.players; i++) {
      const place = (players[first + i] as number) * WIDTH;
      numbers[place] = mu[i] as number;
      numbers[place + 1] = sigma[i] as number;
      numbers[place + 2] = (numbers[place + 2] as number) + 1;
      numbers[place + 3] = at;
    }
    if (volatilities.length === 0) return;
    for (let i = 0; i < flat.players; i++) {
      volatilities[players[first + i] as number] = flat.volatility[i] as number;
    }
  }

  get hasVolatility(): boolean {
    return this.volatilities.length > 0;
  }

  rating(player: number): Rating {
    const place = player * WIDTH;
    const mu = this.numbers[place] as number;
    const sigma = this.numbers[place + 1] as number;
    return this.hasVolatility
      ? { mu, sigma, volatility: this.volatilities[player] as number }
      : { mu, sigma };
  }

  /** How many matches the player has behind him. */
  games(player: number): number {
    return this.numbers[player * WIDTH + 2] ?? 0;
  }

  /** Time of the player's last match; 0 for none. */
  lastTime(player: number): number {
    return this.numbers[player * WIDTH + 3] as number;
  }
}
