import type { Endpoints } from './contract.js';

/** A method and a path, as the contract names them: `GET /api/servers/:id`. */
export type EndpointName = keyof Endpoints;

/** Names of the `:parameters` in a path. */
export type PathParameter<Name extends string> = Name extends `${string}/:${infer Rest}`
  ? Rest extends `${infer Parameter}/${infer Tail}`
    ? Parameter | PathParameter<`/${Tail}`>
    : Rest
  : never;

type ParamsPart<Name extends EndpointName> = [PathParameter<Name>] extends [never]
  ? { params?: undefined }
  : { params: Record<PathParameter<Name>, string> };
type QueryPart<Name extends EndpointName> = Endpoints[Name] extends { query: infer Query extends object }
  ? Record<string, never> extends Query
    ? { query?: Query }
    : { query: Query }
  : { query?: undefined };
type BodyPart<Name extends EndpointName> = Endpoints[Name] extends { body: infer Body }
  ? { body: Body }
  : { body?: undefined };

/** What a call of an endpoint takes: its path parameters, its query and its body, each only where it has one. */
export type EndpointInput<Name extends EndpointName> = ParamsPart<Name> & QueryPart<Name> & BodyPart<Name>;

/** What it answers. */
export type EndpointResponse<Name extends EndpointName> = Endpoints[Name]['response'];

/** Endpoints that read. */
export type ReadEndpoint = Extract<EndpointName, `GET ${string}`>;

/** Endpoints that tell what they would do. */
export type PreviewableEndpoint = {
  [Name in EndpointName]: Endpoints[Name] extends { preview: true } ? Name : never;
}[EndpointName];

export interface LooseInput {
  params?: Readonly<Record<string, string>> | undefined;
  query?: object | undefined;
  body?: unknown;
}

/** Method and address of a call. Members of the query that are undefined or empty are left out. */
export function resolveEndpoint(name: EndpointName, input: LooseInput): { method: string; url: string } {
  const space = name.indexOf(' ');
  const path = name.slice(space + 1).replace(/:([A-Za-z]+)/g, (_match, parameter: string) => {
    const value = input.params?.[parameter];
    if (value === undefined || value === '') throw new TypeError(`${name} needs the parameter ${parameter}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const query = search.toString();
  return { method: name.slice(0, space), url: query ? `${path}?${query}` : path };
}
