import { availableParallelism } from 'node:os';
import preset, { withPostgres } from '../../jest.preset.js';

// The longest run of all, so that it has a second process even where there are but two processors: others end before it.
export default {
  ...preset,
  ...withPostgres,
  displayName: 'master',
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
