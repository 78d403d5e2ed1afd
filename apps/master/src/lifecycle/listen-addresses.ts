import type { MasterConfig } from '../config/master-config.js';

/** A host and a port. */
export interface HostPort {
  host: string;
  port: number;
}

/** Where the master really listens: a configured port 0 becomes known only then. */
export class ListenAddresses {
  private rdv: HostPort | null = null;

  constructor(private readonly config: MasterConfig) {}

  /** Called once the player channel listens. */
  setRdv(address: HostPort): void {
    this.rdv = address;
  }

  /** What players are told to connect to. */
  rdvForPlayers(): HostPort {
    return {
      host: this.config.rdvPublicHost ?? this.config.rdvHost,
      port: this.config.rdvPublicPort ?? this.rdv?.port ?? this.config.rdvPort,
    };
  }
}
