export { createMany } from './create-matches.js';
export { LIVE_STATES } from './match-rows.js';
export { abandon, byId, byServer, cancel, liveCounts, markRunning } from './lifecycle.js';
export { answerCheck, callOffChecks } from './ready-check.js';
export { liveForAccount, reassign } from './reservation.js';
export { finish, forResult, resultOf, rulesOf } from './result.js';
export { calloffsDue, history, markReported, reportsDue } from './report.js';
