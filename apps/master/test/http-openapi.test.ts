import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stopTestMasters, TestMaster } from './support/test-master.js';

interface Operation {
  responses: Record<string, unknown>;
  security?: unknown[];
  parameters?: { in: string; name: string }[];
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties?: Record<string, unknown> }>;
    securitySchemes: Record<string, unknown>;
  };
}

let master: TestMaster;

beforeAll(async () => {
  master = await TestMaster.start();
});
afterAll(stopTestMasters);

describe('/docs-json', () => {
  test('describes every operation', async () => {
    const document = (await master.get('/docs-json')).body as unknown as Document;
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual([
      'DELETE /v1/me/blocks/{id}',
      'DELETE /v1/parties/current',
      'DELETE /v1/parties/current/members/{id}',
      'DELETE /v1/parties/invites/{partyId}',
      'DELETE /v1/sessions/current',
      'GET /livez',
      'GET /readyz',
      'GET /v1/me',
      'GET /v1/me/blocks',
      'GET /v1/parties/current',
      'GET /v1/parties/invites',
      'GET /v1/players/{id}',
      'GET /v1/players/{id}/matches',
      'GET /v1/queues',
      'GET /v1/queues/{queue}/leaderboard',
      'POST /v1/accounts',
      'POST /v1/parties/current/invites',
      'POST /v1/parties/invites/{partyId}',
      'POST /v1/sessions',
      'PUT /v1/me/blocks/{id}',
      'PUT /v1/parties/current/leader',
    ]);
    expect(document.paths['/v1/me']?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(document.components.securitySchemes).toHaveProperty('bearer');
  });

  test('gives problems their media type, and asks for no header that is not needed', async () => {
    const { text, body } = await master.get('/docs-json');
    const { paths, components } = body as unknown as Document;
    const leaderboard = paths['/v1/queues/{queue}/leaderboard']?.['get'];
    expect(leaderboard?.parameters?.filter((parameter) => parameter.in === 'header')).toEqual([]);
    expect(leaderboard?.responses['404']).toEqual({
      description: '',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
    });
    expect(text).not.toContain('"application/json":{"schema":{"$ref":"#/components/schemas/ProblemDto"');
    expect(components.schemas).not.toHaveProperty('Object');
  });

  test('names every schema that it refers to, and none holds a hash', async () => {
    const { text, body } = await master.get('/docs-json');
    const document = body as unknown as Document;
    const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(referred.length).toBeGreaterThan(10);
    for (const name of referred) expect(document.components.schemas).toHaveProperty(String(name));
    expect(text).not.toMatch(/passwordHash|accessDigest|ticketKey/);
  });
});

describe('/docs', () => {
  test('is a page whose every part comes from here, as its policy demands', async () => {
    const page = await master.get('/docs');
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|upgrade-insecure/);
    const parts = [...page.text.matchAll(/<(?:script|link|img)[^>]*?(?:src|href)=["']([^"']+)["']/g)].map(
      ([, url]) => String(url),
    );
    expect(parts.length).toBeGreaterThanOrEqual(4);
    for (const part of parts) {
      const url = new URL(part, `${master.url}/docs`);
      expect(url.origin).toBe(master.url);
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      // Read to its end: the master would wait for whoever has not.
      await answer.arrayBuffer();
    }
    // Inline scripts would be stopped by the policy.
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  });

  test('sends the document to nobody', async () => {
    const init = await (await fetch(`${master.url}/docs/swagger-ui-init.js`)).text();
    expect(init).toMatch(/"validatorUrl": ?null/);
  });
});
