export type {
  Entry,
  LatencyRules,
  Leftover,
  PartyRule,
  Player,
  Proposal,
  ProposeInput,
  ProposeResult,
  QueueRules,
  ServerSlot,
  WindowRules,
} from './queue.js';
export { explainLeftover, explainProposal } from './explain.js';
export { propose, proposeInSteps } from './propose.js';
export { validateQueueRules } from './validation.js';
export { windowWidth } from './window.js';
