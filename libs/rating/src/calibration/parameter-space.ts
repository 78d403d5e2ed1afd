import { searchScale, type SearchScale } from './search-scale.js';
import type { TunableParameter } from './tunable-parameters.js';

/** Parameters of a model by name. */
export type Values = Readonly<Record<string, number>>;

/** The parameters under search as points in a space, whose origin is where they start. */
export class ParameterSpace {
  private readonly scales: readonly SearchScale[];
  private readonly origin: readonly number[];

  /**
   * @param parameters in an order in which `beta` comes first, if at all
   * @param start the values of all parameters of the model
   * @param sigma a new player's
   * @param scoreDifference a typical one
   */
  constructor(
    readonly parameters: readonly TunableParameter[],
    readonly start: Values,
    private readonly sigma: number,
    private readonly scoreDifference: number,
  ) {
    this.scales = parameters.map(searchScale);
    this.origin = this.point(start);
  }

  get low(): readonly number[] {
    return this.scales.map(({ low }) => low);
  }

  get high(): readonly number[] {
    return this.scales.map(({ high }) => high);
  }

  point(values: Values): readonly number[] {
    return this.parameters.map((parameter, i) => {
      const { point } = this.scales[i] as SearchScale;
      return point((values[parameter.name] as number) / this.unit(parameter, values['beta']));
    });
  }

  /** The values at a point; those not under search as they started. */
  values(point: readonly number[]): Values {
    const values: Record<string, number> = { ...this.start };
    this.parameters.forEach((parameter, i) => {
      const { value } = this.scales[i] as SearchScale;
      values[parameter.name] = value(point[i] as number) * this.unit(parameter, values['beta']);
    });
    return values;
  }

  /** Negative logarithm of the prior: a normal one around the start of each parameter. */
  penalty(point: readonly number[]): number {
    return this.parameters.reduce((sum, { spread }, i) => {
      const distance = ((point[i] as number) - (this.origin[i] as number)) / spread;
      return sum + 0.5 * distance * distance;
    }, 0);
  }

  /** The same space with some of the parameters only. */
  reduced(parameters: readonly TunableParameter[]): ParameterSpace {
    return new ParameterSpace(parameters, this.start, this.sigma, this.scoreDifference);
  }

  private unit({ unit }: TunableParameter, beta = 1): number {
    if (unit === 'none') return 1;
    if (unit === 'sigma') return this.sigma;
    return unit === 'beta' ? beta : beta / this.scoreDifference;
  }
}
