import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Header fields that tell a browser what the page may do: load from here alone, run files alone, be framed by nobody, send
 * no address on. Nothing is inline, nothing comes from a third party.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // It would hold for every port of `localhost`, the master's plain HTTP among them; this listener knows TLS alone anyway.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
