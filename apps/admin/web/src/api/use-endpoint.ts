import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session.js';
import type { Page } from './contract.js';
import { endpointKey } from './endpoint-key.js';
import type { EndpointInput, EndpointName, EndpointResponse, LooseInput, ReadEndpoint } from './endpoint.js';

export interface ReadOptions {
  /** Load again this often, ms, beside what events bring. */
  every?: number;
  enabled?: boolean;
}

/** Reads an endpoint and keeps what it answered. */
export function useEndpoint<Name extends ReadEndpoint>(
  name: Name,
  input: EndpointInput<Name>,
  { every, enabled = true }: ReadOptions = {},
) {
  const api = useApi();
  return useQuery<EndpointResponse<Name>>({
    queryKey: endpointKey(name, input),
    queryFn: ({ signal }) => api.request(name, input, signal),
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
  });
}

/** Endpoints that give a list a page at a time. */
export type ListEndpoint = {
  [Name in ReadEndpoint]: EndpointResponse<Name> extends Page<infer _Row> ? Name : never;
}[ReadEndpoint];

/** A row of a list. */
export type RowOf<Name extends ListEndpoint> = EndpointResponse<Name> extends Page<infer Row> ? Row : never;

/** Reads a list page by page; what was there stays on the screen while a filter loads. */
export function useList<Name extends ListEndpoint>(
  name: Name,
  input: EndpointInput<Name>,
  { every, enabled = true }: ReadOptions = {},
) {
  const api = useApi();
  const loose: LooseInput = input;
  return useInfiniteQuery({
    queryKey: endpointKey(name, loose),
    queryFn: async ({ pageParam, signal }): Promise<Page<RowOf<Name>>> => {
      const query = { ...loose.query, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const page: unknown = await api.request(name as EndpointName, { ...loose, query } as never, signal);
      return page as Page<RowOf<Name>>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
  });
}
