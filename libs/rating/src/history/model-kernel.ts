import type { FlatMatch, RatingKernel } from '../kernel.js';
import type { Circumstances, MatchInput, Rating, RatingModel } from '../rating.js';

/** The model's own kernel, or one that goes through its objects: slower, the same bits. */
export function kernelOf(model: RatingModel): RatingKernel {
  return model.kernel?.() ?? new ObjectKernel(model);
}

/** Makes a match of objects from a flat one for models without a kernel. */
export class ObjectKernel implements RatingKernel {
  private readonly hasVolatility: boolean;

  constructor(private readonly model: RatingModel) {
    this.hasVolatility = model.initial().volatility !== undefined;
  }

  age(match: FlatMatch): void {
    for (let i = 0; i < match.players; i++) {
      put(match, i, this.model.aged(this.ratingAt(match, i), match.days[i] as number));
    }
  }

  rate(match: FlatMatch): void {
    const input: MatchInput = {
      teams: this.teamsOf(match),
      ranks: Array.from(match.ranks.subarray(0, match.teams)),
      ...(match.hasScores && { scores: Array.from(match.scores.subarray(0, match.teams)) }),
      ...circumstancesOf(match),
      ...(match.importance !== 1 && { matchImportance: match.importance }),
    };
    let i = 0;
    for (const team of this.model.rate(input).teams) for (const rating of team) put(match, i++, rating);
  }

  predict(match: FlatMatch, win: Float64Array): number {
    const prediction = this.model.predict(this.teamsOf(match), circumstancesOf(match));
    for (let i = 0; i < match.teams; i++) win[i] = prediction.win[i] as number;
    return prediction.draw;
  }

  quality(match: FlatMatch): number {
    return this.model.quality(this.teamsOf(match), circumstancesOf(match));
  }

  private ratingAt(match: FlatMatch, i: number): Rating {
    const mu = match.mu[i] as number;
    const sigma = match.sigma[i] as number;
    return this.hasVolatility ? { mu, sigma, volatility: match.volatility[i] as number } : { mu, sigma };
  }

  private teamsOf(match: FlatMatch): Rating[][] {
    const teams: Rating[][] = [];
    let i = 0;
    for (let team = 0; team < match.teams; team++) {
      const ratings: Rating[] = [];
      for (; i < (match.teamEnds[team] as number); i++) ratings.push(this.ratingAt(match, i));
      teams.push(ratings);
    }
    return teams;
  }
}

function circumstancesOf(match: FlatMatch): Circumstances {
  return {
    ...(match.host >= 0 && { host: match.host }),
    ...(match.hasPlayFraction && { playFraction: playFractionsOf(match) }),
  };
}

function playFractionsOf(match: FlatMatch): number[][] {
  return Array.from({ length: match.teams }, (_, team) => {
    const first = team === 0 ? 0 : (match.teamEnds[team - 1] as number);
    return Array.from(match.playFraction.subarray(first, match.teamEnds[team] as number));
  });
}

function put(match: FlatMatch, i: number, rating: Rating): void {
  match.mu[i] = rating.mu;
  match.sigma[i] = rating.sigma;
  if (rating.volatility !== undefined) match.volatility[i] = rating.volatility;
}
