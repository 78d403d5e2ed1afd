import type { LooseInput, ReadEndpoint } from './endpoint.js';

/** Name under which the data layer keeps an endpoint's answer. Without `input` it stands for every call of it. */
export type EndpointKey = readonly [name: ReadEndpoint, ...input: object[]];

/** The key of one call. Members of the query that are undefined do not count. */
export function endpointKey(name: ReadEndpoint, input: LooseInput = {}): EndpointKey {
  const query = Object.fromEntries(
    Object.entries(input.query ?? {}).filter(([, value]) => value !== undefined && value !== ''),
  );
  return [name, input.params ?? {}, query];
}
