import { isIP } from 'node:net';
import type { MasterConfig } from './master-config.js';

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Settings that are well-formed each but cannot stand together, one sentence for each. */
export function contradictionsOf(config: MasterConfig): string[] {
  const faults: string[] = [];
  if (ANY_ADDRESS.has(config.rdvHost) && config.rdvPublicHost === null) {
    faults.push(
      `RANKED_RDV_HOST is "${config.rdvHost}", which no player can connect to, and RANKED_RDV_PUBLIC_HOST is not set; allowed with it is a host that players reach.`,
    );
  }
  if (config.rdvPublicHost !== null && ANY_ADDRESS.has(config.rdvPublicHost)) {
    faults.push(`RANKED_RDV_PUBLIC_HOST is "${config.rdvPublicHost}"; allowed is a host that players reach.`);
  }
  if (config.maxUnauthenticatedPerAddress > config.maxUnauthenticated) {
    faults.push(
      `RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS is ${config.maxUnauthenticatedPerAddress}; allowed is at most RANKED_MAX_UNAUTHENTICATED, ${config.maxUnauthenticated}.`,
    );
  }
  if (config.reservationMs <= config.allowAckTimeoutMs) {
    faults.push(
      `RANKED_RESERVATION_MS is ${config.reservationMs}; allowed is more than RANKED_ALLOW_ACK_TIMEOUT_MS, ${config.allowAckTimeoutMs}.`,
    );
  }
  if (config.cooldownMs > config.cooldownMaxMs) {
    faults.push(
      `RANKED_COOLDOWN_MS is ${config.cooldownMs}; allowed is at most RANKED_COOLDOWN_MAX_MS, ${config.cooldownMaxMs}.`,
    );
  }
  if (config.httpHeaderTimeoutMs > config.httpRequestTimeoutMs) {
    faults.push(
      `RANKED_HTTP_HEADER_TIMEOUT_MS is ${config.httpHeaderTimeoutMs}; allowed is at most RANKED_HTTP_REQUEST_TIMEOUT_MS, ${config.httpRequestTimeoutMs}.`,
    );
  }
  return [...faults, ...samePorts(config)];
}

function samePorts(config: MasterConfig): string[] {
  const listeners = [
    { name: 'RANKED_HTTP_PORT', host: config.httpHost, port: config.httpPort },
    { name: 'RANKED_S2S_PORT', host: config.s2sHost, port: config.s2sPort },
    { name: 'RANKED_RDV_PORT', host: config.rdvHost, port: config.rdvPort },
  ];
  const faults: string[] = [];
  for (const [index, a] of listeners.entries()) {
    for (const b of listeners.slice(index + 1)) {
      if (a.port !== 0 && a.port === b.port && hostsOverlap(a.host, b.host)) {
        faults.push(
          `${a.name} and ${b.name} are both ${a.port} on the same address; allowed are different ports.`,
        );
      }
    }
  }
  return faults;
}

function hostsOverlap(a: string, b: string): boolean {
  return a === b || ANY_ADDRESS.has(a) || ANY_ADDRESS.has(b) || isIP(a) === 0 || isIP(b) === 0;
}
