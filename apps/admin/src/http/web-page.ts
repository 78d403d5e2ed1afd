import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** The built page; the path is the same from `src` and from `dist`. */
export const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/**
 * Serves the page. Files whose names carry their hash are kept by browsers for ever; every other path that a person could have
 * typed or bookmarked gets the page itself, which knows its places.
 */
export function serveWebPage(app: NestExpressApplication, root: string): void {
  const index = join(root, 'index.html');
  const assets = join(root, 'assets');
  app.useStaticAssets(root, {
    index: false,
    dotfiles: 'deny',
    redirect: false,
    setHeaders: (response, path) => {
      const isHashed = path.startsWith(assets);
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-store');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isApi = request.path === '/api' || request.path.startsWith('/api/');
    // What looks like a file and is none is missing, not a place of the page.
    const isFile = /\.[a-z0-9]+$/i.test(request.path);
    if (!isRead || isApi || isFile || !fs.existsSync(index)) return next();
    response.setHeader('Cache-Control', 'no-store');
    response.sendFile(index);
  });
}
