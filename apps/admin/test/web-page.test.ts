import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminRig } from './support/admin-rig.js';

test('a page with the strictest policy, deep links, and hashed files that are kept', async () => {
  const webRoot = fs.mkdtempSync(join(tmpdir(), 'ranked-web-'));
  fs.mkdirSync(join(webRoot, 'assets'));
  fs.writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Dashboard</title>');
  fs.writeFileSync(join(webRoot, 'assets', 'main-abc123.js'), 'export {}');
  fs.writeFileSync(join(webRoot, '.secret'), 'no');
  const served = await AdminRig.start({ webRoot });
  try {
    // No token: the page has to come first, to ask for it.
    const page = await served.get('/', { token: null });
    expect([page.status, page.text]).toEqual([200, '<!doctype html><title>Dashboard</title>']);
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(page.headers['strict-transport-security']).toBeUndefined();
    expect(page.headers['x-powered-by']).toBeUndefined();
    expect((await served.get('/servers/3f2c1a90', { token: null })).text).toBe(page.text);
    const script = await served.get('/assets/main-abc123.js', { token: null });
    expect([script.status, script.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    for (const path of [
      '/assets/gone.js',
      '/.secret',
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
    ]) {
      const { status, text } = await served.get(path, { token: null });
      expect([path, status === 404 || status === 400 || text === page.text, text.includes('ranked')]).toEqual(
        [path, true, false],
      );
    }
    expect((await served.post('/', {}, { token: null })).status).toBe(404);
  } finally {
    await served.stop();
    fs.rmSync(webRoot, { recursive: true, force: true });
  }
});
