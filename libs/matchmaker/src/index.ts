export type {
  Entry,
  Leftover,
  Proposal,
  ProposeInput,
  ProposeResult,
  QueueRules,
  ServerSlot,
  WindowRules,
} from './queue.js';
export { propose, proposeInSteps } from './propose.js';
export { validateQueueRules } from './validation.js';
