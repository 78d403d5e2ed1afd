import { decodeMessage, MsgType } from '@ranked/protocol';
import { ValidateBy } from 'class-validator';

const NO_PARTY = '00000000-0000-0000-0000-000000000000';

/** Latencies of a body, by the rules of the player channel. */
export function LatenciesField(): PropertyDecorator {
  return ValidateBy({
    name: 'latencies',
    validator: {
      validate: areLatencies,
      defaultMessage: () => 'latencies must give 0 to 10000 ms for each of at most 32 regions',
    },
  });
}

function areLatencies(latencies: unknown): boolean {
  try {
    const message = { partyId: NO_PARTY, accept: true, latencies };
    decodeMessage('RDV', 'c2s', MsgType.PartyAnswer, Buffer.from(JSON.stringify(message)));
    return true;
  } catch {
    return false;
  }
}
