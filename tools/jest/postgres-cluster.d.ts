/** A PostgreSQL of its own, on a free port of the loopback interface, its data in a temporary directory. */
export interface PostgresCluster {
  /** Connection URL of one of its databases. */
  url(database: string): string;
  createDatabase(name: string): Promise<void>;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a cluster. PostgreSQL refuses to run as root: then it runs as the user `postgres`, who is created if
 * need be. `durable` keeps fsync on, for measurements; tests do without.
 */
export function startPostgres(options?: { durable?: boolean }): Promise<PostgresCluster>;
