export { accept, decline, invite, kick, leave, promote } from './membership.js';
export { byIds, changedSince, concerning, idOf, invitationsOf, lockOwn } from './party-rows.js';
export { due, markAway, removeEnded, seen, tidy } from './upkeep.js';
