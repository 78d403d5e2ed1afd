import { ratingModel, type RatingModel } from '@ranked/rating';
import type { JsonValue } from '@ranked/store';
import type { QueueConfigView } from '../api/contract.js';

/** A queue as the masters run it, with its rating model. */
export interface BookedQueue {
  config: QueueConfigView;
  model: RatingModel;
}

/** The queues that the masters run, by name, as they wrote them into the database at their start. */
export class QueueBook {
  private readonly byName = new Map<string, BookedQueue>();

  /** @param stored what the masters wrote; entries that are of no use to this version are left out */
  constructor(stored: JsonValue) {
    for (const config of Array.isArray(stored) ? stored : []) {
      if (!isQueueConfig(config)) continue;
      try {
        this.byName.set(config.name, { config, model: ratingModel(config.rating) });
      } catch {
        // A model that this version does not know: the queue is shown by its name and numbers alone.
      }
    }
  }

  of(name: string): BookedQueue | undefined {
    return this.byName.get(name);
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  configs(): QueueConfigView[] {
    return [...this.byName.values()].map(({ config }) => config);
  }

  /** A rating in display points; null for a queue that is not configured, or no rating. */
  display(queue: string, mu: number | null, sigma: number | null): number | null {
    const booked = this.byName.get(queue);
    return booked === undefined || mu === null || sigma === null
      ? null
      : Math.round(booked.model.displayRating({ mu, sigma }));
  }
}

function isQueueConfig(value: unknown): value is QueueConfigView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, teams, size, rating, window } = value as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    typeof teams === 'number' &&
    typeof size === 'number' &&
    typeof rating === 'object' &&
    rating !== null &&
    typeof window === 'object' &&
    window !== null
  );
}
