/** The JSON API that the page speaks, as its server declares it: types alone, nothing of the server reaches the bundle. */
export type * from '../../../src/api/contract.js';
