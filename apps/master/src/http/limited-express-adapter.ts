import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { MasterConfig } from '../config/master-config.js';

/** Node looks for connections past their time-outs only this often; its default is half a minute. */
const CHECK_INTERVAL_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

/** Express on an HTTP server whose time-outs and number of connections are those of the settings. */
export class LimitedExpressAdapter extends ExpressAdapter {
  constructor(private readonly config: MasterConfig) {
    super();
  }

  override initHttpServer(): void {
    const server = createServer(
      {
        headersTimeout: this.config.httpHeaderTimeoutMs,
        requestTimeout: this.config.httpRequestTimeoutMs,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, this.config.httpHeaderTimeoutMs),
      },
      this.getInstance(),
    );
    server.maxConnections = this.config.httpMaxConnections;
    this.setHttpServer(server);
  }
}
