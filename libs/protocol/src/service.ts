/** The door a peer came through: `S2S` game servers, `RDV` players. The label stands in every derivation. */
export type Service = 'S2S' | 'RDV';

/** Which way a frame travels: client to server (the master), or server to client. */
export type Direction = 'c2s' | 's2c';

/** Which end of the connection this program is. */
export type Side = 'client' | 'master';

/** The `role` byte of HELLO. */
export const ROLE: Readonly<Record<Service, number>> = { S2S: 1, RDV: 2 };
