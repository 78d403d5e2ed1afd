import { ProtocolError } from '../errors.js';
import { sha256 } from '../key-schedule.js';
import { CREDENTIAL_LENGTH } from './hello.js';

/** Bytes of a ticket and of the `auth` that comes from it. */
export const TICKET_LENGTH = 32;
/** Bytes of a ticket's id. */
export const TICKET_ID_LENGTH = 16;

/** `auth` of a player: SHA-256 of the 32-byte ticket that the HTTP login gave. Throws `argument` for any other length. */
export function ticketAuthKey(ticket: Uint8Array): Buffer {
  if (ticket.length !== TICKET_LENGTH) {
    throw new ProtocolError('argument', `a ticket has ${TICKET_LENGTH} bytes, not ${ticket.length}`);
  }
  return sha256(ticket);
}

/** The credential of a player's HELLO: the ticket's 16-byte id and zeros. Throws `argument` for any other length. */
export function ticketCredential(ticketId: Uint8Array): Buffer {
  if (ticketId.length !== TICKET_ID_LENGTH) {
    throw new ProtocolError('argument', `a ticket id has ${TICKET_ID_LENGTH} bytes, not ${ticketId.length}`);
  }
  const credential = Buffer.alloc(CREDENTIAL_LENGTH);
  credential.set(ticketId);
  return credential;
}
