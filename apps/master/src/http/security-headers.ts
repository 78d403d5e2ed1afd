import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

const API = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};
/** Swagger's page carries style elements and images as `data:` URLs; its scripts are files of ours. */
const DOCS = {
  ...API,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
};

/** Header fields that tell a browser what it may do with an answer: with the API nothing, with `/docs` what the page needs. */
export function securityHeaders() {
  const api = helmet({ contentSecurityPolicy: { useDefaults: false, directives: API } });
  const docs = helmet({ contentSecurityPolicy: { useDefaults: false, directives: DOCS } });
  return (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Cache-Control', 'no-store');
    const policy = request.path === '/docs' || request.path.startsWith('/docs/') ? docs : api;
    policy(request, response, next);
  };
}
