import { resolve } from 'node:path';
import type { MasterConfig } from '../config/master-config.js';
import type { HostPort } from './listen-addresses.js';

/** What the operator is told when the master has started. */
export interface StartFacts {
  http: HostPort;
  s2s: HostPort;
  rdv: HostPort;
  masterKeyPath: string;
  masterPublicKey: string;
  databaseKeyPath: string | null;
  firstStart: boolean;
}

/** Lines for a person at a terminal. */
export function startBanner(config: MasterConfig, facts: StartFacts): string[] {
  const at = ({ host, port }: HostPort) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  const database = /^postgres(?:ql)?:\/\//.test(config.database) ? 'PostgreSQL' : resolve(config.database);
  return [
    'RankedServer is ready.',
    `  HTTP API        http://${at(facts.http)}   (described at /docs)`,
    `  game servers    ${at(facts.s2s)}`,
    `  players         ${at(facts.rdv)}`,
    `  queues          ${config.queues.map(({ name, teams, size }) => `${name} (${Array<number>(teams).fill(size).join('v')})`).join(', ')}`,
    `  database        ${database}`,
    `  master key      ${resolve(facts.masterKeyPath)}`,
    `  database key    ${facts.databaseKeyPath === null ? 'from the settings' : resolve(facts.databaseKeyPath)}`,
    `  public key      ${facts.masterPublicKey}`,
    ...(facts.firstStart
      ? [
          'First start: the keys were made just now. Keep a copy of them: without them the database and the certificates are lost.',
        ]
      : []),
  ];
}
