import { ApiClient } from '../src/api/api-client.js';
import { ApiError } from '../src/api/api-error.js';
import { resolveEndpoint } from '../src/api/endpoint.js';
import { endpointKey } from '../src/api/endpoint-key.js';

interface Seen {
  url: string;
  init: RequestInit;
}

function clientThatGets(...responses: (Response | Error)[]) {
  const seen: Seen[] = [];
  const ended: ApiError[] = [];
  const api = new ApiClient({
    token: 'secret',
    fetch: (url, init) => {
      seen.push({ url: String(url), init: init ?? {} });
      const next = responses.shift();
      return next instanceof Response
        ? Promise.resolve(next)
        : Promise.reject(next ?? new TypeError('no answer'));
    },
    onUnauthenticated: (error) => ended.push(error),
  });
  return { api, seen, ended };
}

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' }, ...init });

test('a path has its parameters, and nothing of them can be more path', () => {
  const { url } = resolveEndpoint('GET /api/servers/:id/commands', { params: { id: '../a b/?x' } });
  expect(url).toBe('/api/servers/..%2Fa%20b%2F%3Fx/commands');
});

test('a path without its parameter is a mistake', () => {
  expect(() => resolveEndpoint('GET /api/servers/:id', { params: { id: '' } })).toThrow(
    'needs the parameter id',
  );
});

test('members of the query that are not set are left out', () => {
  const query = { q: '', state: 'silent', region: undefined, limit: 10 };
  expect(resolveEndpoint('GET /api/servers', { query })).toEqual({
    method: 'GET',
    url: '/api/servers?state=silent&limit=10',
  });
});

test('calls that ask the same have one key', () => {
  expect(endpointKey('GET /api/servers', { query: { q: undefined, state: 'full' } })).toEqual(
    endpointKey('GET /api/servers', { query: { state: 'full', region: '' } }),
  );
});

test('the token travels in the header, and nowhere else', async () => {
  const { api, seen } = clientThatGets(json({ auditId: 1, done: 'Done.', changed: true }));
  await api.request('POST /api/players/:id/ban', { params: { id: 'p' }, body: { until: null, reason: 'r' } });
  const [{ url, init }] = seen as [Seen];
  expect(new Headers(init.headers).get('authorization')).toBe('Bearer secret');
  expect(url).toBe('/api/players/p/ban');
  expect(init.method).toBe('POST');
  expect(init.body).toBe('{"until":null,"reason":"r"}');
  expect(init.redirect).toBe('error');
});

test('a preview is the same request, asked with preview=true', async () => {
  const { api, seen } = clientThatGets(
    json({ sentence: 's', players: 0, matches: 0, certificates: 0, number: 0 }),
  );
  await api.preview('POST /api/servers/:id/drain', { params: { id: 's' }, body: { on: true } });
  expect(seen[0]?.url).toBe('/api/servers/s/drain?preview=true');
  expect(seen[0]?.init.body).toBe('{"on":true}');
});

test('a problem is told in its own words', async () => {
  const problem = {
    type: '/problems/validation',
    title: 'The request is not valid',
    status: 400,
    detail: 'One field is wrong.',
    requestId: 'r-1',
    errors: [{ field: 'name', message: 'is taken' }],
  };
  const { api } = clientThatGets(json(problem, { status: 400 }));
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({
    code: 'validation',
    status: 400,
    message: 'One field is wrong.',
    fields: [{ field: 'name', message: 'is taken' }],
    requestId: 'r-1',
  });
});

test.each([
  ['a page of a proxy', new Response('<html>', { status: 502 })],
  ['an empty answer', new Response(null, { status: 500 })],
  ['JSON that is no problem', json({ oops: true }, { status: 500 })],
  ['null', json(null, { status: 500 })],
])('an error that is no problem document: %s', async (_name, response) => {
  const { api } = clientThatGets(response);
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({ code: 'unreadable' });
});

test('an answer that is not JSON is an error, not a crash', async () => {
  const { api } = clientThatGets(new Response('<html>'));
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({
    code: 'unreadable',
    status: 200,
  });
});

test('no answer is an error of its own', async () => {
  const { api } = clientThatGets(new TypeError('fetch failed'));
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({
    code: 'unreachable',
    status: 0,
  });
});

test('a request that is called off is not an error of the server', async () => {
  const { api } = clientThatGets(new DOMException('off', 'AbortError'));
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({ name: 'AbortError' });
});

test('401 ends the session, with the time that it asks to wait', async () => {
  const problem = { type: '/problems/unauthenticated', title: 'Not signed in', status: 401 };
  const { api, ended } = clientThatGets(json(problem, { status: 401, headers: { 'Retry-After': '12' } }));
  await expect(api.request('GET /api/overview', {})).rejects.toBeInstanceOf(ApiError);
  expect(ended).toHaveLength(1);
  expect(ended[0]?.retryAfterMs).toBe(12_000);
});

test('401 without a body ends it as well', async () => {
  const { api, ended } = clientThatGets(new Response(null, { status: 401 }));
  await expect(api.request('GET /api/overview', {})).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(ended).toHaveLength(1);
});
