import { Injectable } from '@nestjs/common';
import type { RatingModel } from '@ranked/rating';
import { modelOf } from '../rating/model-of.js';
import type { MatchRules } from './match-rules.js';

/** Most models kept; there is one per distinct rating configuration of matches that are still live. */
const MODELS_KEPT = 64;

/** Rating models by their parameters, so that one is not built again for every result. */
@Injectable()
export class RulesModels {
  private readonly models = new Map<string, RatingModel>();

  /** @throws RangeError or TypeError if the stored rules are not of a known model */
  of(rules: MatchRules): RatingModel {
    const key = JSON.stringify(rules.rating);
    let model = this.models.get(key);
    if (!model) {
      model = modelOf(rules);
      const oldest = this.models.keys().next();
      if (this.models.size >= MODELS_KEPT && !oldest.done) this.models.delete(oldest.value);
      this.models.set(key, model);
    }
    return model;
  }
}
