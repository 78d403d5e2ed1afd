import type { FlatMatch } from '../kernel.js';
import type { Rating } from '../rating.js';

/** Numbers per player in a match: mu, sigma and volatility, before and after. */
const WIDTH = 6;

/** What every match of a replay did to the ratings of its players: 48 bytes per player in a match. */
export class RatingChanges {
  private constructor(
    private readonly numbers: Float64Array,
    private readonly hasVolatility: boolean,
  ) {}

  static empty(slots: number, hasVolatility: boolean): RatingChanges {
    return new RatingChanges(new Float64Array(slots * WIDTH), hasVolatility);
  }

  copy(): RatingChanges {
    return new RatingChanges(this.numbers.slice(), this.hasVolatility);
  }

  /** Keeps the ratings in `flat` as those before the match whose players begin at `first`. */
  keepBefore(first: number, flat: FlatMatch): void {
    this.keep(first, 0, flat);
  }

  keepAfter(first: number, flat: FlatMatch): void {
    this.keep(first, WIDTH / 2, flat);
  }

  before(slot: number): Rating {
    return this.rating(slot * WIDTH);
  }

  after(slot: number): Rating {
    return this.rating(slot * WIDTH + WIDTH / 2);
  }

  private keep(first: number, offset: number, flat: FlatMatch): void {
    const { numbers } = this;
    let place = first * WIDTH + offset;
    for (let i = 0; i < flat.players; i++, place += WIDTH) {
      numbers[place] = flat.mu[i] as number;
      numbers[place + 1] = flat.sigma[i] as number;
      numbers[place + 2] = flat.volatility[i] as number;
    }
  }

  private rating(place: number): Rating {
    const mu = this.numbers[place] as number;
    const sigma = this.numbers[place + 1] as number;
    return this.hasVolatility ? { mu, sigma, volatility: this.numbers[place + 2] as number } : { mu, sigma };
  }
}
