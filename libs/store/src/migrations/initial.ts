import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/**
 * The first schema. SQLite reads `bigint` and `double precision` as INTEGER and REAL, so both databases take
 * the same statements but for a counting key and the order of rows.
 */
export class Initial implements MigrationInterface {
  readonly name = 'Initial1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = runner.connection.options.type === 'postgres' ? postgres : sqlite;
    const statements = [
      `CREATE TABLE account (
        id text PRIMARY KEY NOT NULL,
        username text NOT NULL,
        username_key text NOT NULL,
        display_name text NOT NULL,
        password_hash text NOT NULL,
        created_at bigint NOT NULL,
        banned_until bigint,
        ban_reason text
      )`,
      `CREATE UNIQUE INDEX account_username_key ON account (username_key)`,

      `CREATE TABLE session (
        id text PRIMARY KEY NOT NULL,
        account_id text NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        access_digest text NOT NULL,
        ticket_key_sealed text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        revoked_at bigint
      )`,
      `CREATE UNIQUE INDEX session_access_digest ON session (access_digest)`,
      `CREATE INDEX session_account ON session (account_id)`,
      `CREATE INDEX session_expires ON session (expires_at)`,
      `CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL`,

      `CREATE TABLE certificate (
        uuid text PRIMARY KEY NOT NULL,
        name text NOT NULL,
        issued_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        secret_sealed text NOT NULL,
        master_key_id text NOT NULL,
        public_host text,
        created_at bigint NOT NULL,
        revoked_at bigint,
        revoke_reason text,
        changed_at bigint NOT NULL
      )`,
      `CREATE INDEX certificate_expires ON certificate (expires_at)`,

      `CREATE TABLE game_server (
        id text PRIMARY KEY NOT NULL REFERENCES certificate (uuid),
        name text NOT NULL,
        online integer NOT NULL,
        node_id text NOT NULL,
        host text NOT NULL,
        port integer NOT NULL,
        region text NOT NULL,
        build text NOT NULL,
        capacity integer NOT NULL,
        players integer NOT NULL,
        accepting integer NOT NULL,
        matches integer NOT NULL,
        load double precision,
        queues text,
        last_seen bigint NOT NULL,
        connected_at bigint NOT NULL,
        failed_until bigint
      )`,
      `CREATE INDEX game_server_online ON game_server (id) WHERE online = 1`,

      `CREATE TABLE match_rules (
        digest text PRIMARY KEY NOT NULL,
        rules text NOT NULL,
        created_at bigint NOT NULL
      )`,

      `CREATE TABLE game_match (
        id text PRIMARY KEY NOT NULL,
        queue text NOT NULL,
        state text NOT NULL
          CHECK (state IN ('reserving', 'ready', 'running', 'finished', 'abandoned', 'cancelled')),
        server_id text NOT NULL REFERENCES game_server (id),
        attempt integer NOT NULL,
        previous_servers text NOT NULL,
        rules_digest text NOT NULL REFERENCES match_rules (digest),
        created_at bigint NOT NULL,
        state_since bigint NOT NULL,
        reserve_expires_at bigint NOT NULL,
        allow_acked_at bigint,
        started_at bigint,
        ended_at bigint,
        end_reason text,
        result text,
        result_digest text,
        rated_at bigint,
        server_lost_at bigint,
        CHECK (state <> 'finished' OR (result IS NOT NULL AND result_digest IS NOT NULL AND rated_at IS NOT NULL))
      )`,
      `CREATE INDEX game_match_live ON game_match (server_id) WHERE state IN ('reserving', 'ready', 'running')`,
      `CREATE INDEX game_match_changed ON game_match (state_since) WHERE state <> 'reserving'`,
      `CREATE INDEX game_match_lost ON game_match (server_lost_at) WHERE server_lost_at IS NOT NULL`,

      `CREATE TABLE match_player (
        match_id text NOT NULL REFERENCES game_match (id) ON DELETE CASCADE,
        id text NOT NULL,
        account_id text NOT NULL REFERENCES account (id),
        team integer NOT NULL,
        position integer NOT NULL,
        name text NOT NULL,
        queued_at bigint NOT NULL,
        token_generation integer NOT NULL DEFAULT 0,
        allowed_generation integer NOT NULL DEFAULT -1,
        found_sent_at bigint,
        ended_at bigint,
        report_due integer NOT NULL DEFAULT 0,
        reported_at bigint,
        requeued integer,
        rank integer,
        score double precision,
        mu_before double precision,
        sigma_before double precision,
        mu_after double precision,
        sigma_after double precision,
        play_fraction double precision,
        stats text,
        PRIMARY KEY (match_id, id)
      )${dialect.clusteredByKey}`,
      `CREATE INDEX match_player_history ON match_player (account_id, ended_at, match_id) WHERE ended_at IS NOT NULL`,
      `CREATE INDEX match_player_unreported ON match_player (account_id) WHERE report_due = 1`,

      `CREATE TABLE queue_entry (
        account_id text PRIMARY KEY NOT NULL REFERENCES account (id),
        queue text NOT NULL,
        name text NOT NULL,
        joined_at bigint NOT NULL,
        last_seen bigint NOT NULL,
        match_id text
      )${dialect.clusteredByKey}`,
      `CREATE INDEX queue_entry_waiting ON queue_entry (queue, joined_at) WHERE match_id IS NULL`,

      `CREATE TABLE rating (
        account_id text NOT NULL REFERENCES account (id),
        queue text NOT NULL,
        mu double precision NOT NULL,
        sigma double precision NOT NULL,
        games integer NOT NULL,
        wins integer NOT NULL,
        display double precision NOT NULL,
        last_match_at bigint,
        PRIMARY KEY (account_id, queue)
      )${dialect.clusteredByKey}`,
      `CREATE INDEX rating_leaderboard ON rating (queue, display DESC, account_id)`,

      `CREATE TABLE server_command (
        id text PRIMARY KEY NOT NULL,
        server_id text NOT NULL REFERENCES certificate (uuid),
        type text NOT NULL,
        payload text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        sent_at bigint,
        acked_at bigint,
        failed_at bigint,
        error text
      )`,
      `CREATE INDEX server_command_open ON server_command (server_id) WHERE acked_at IS NULL AND failed_at IS NULL`,

      `CREATE TABLE server_log (
        id ${dialect.countingKey},
        server_id text NOT NULL,
        level text NOT NULL,
        at bigint NOT NULL,
        message text NOT NULL
      )`,
      `CREATE INDEX server_log_server ON server_log (server_id, id)`,

      `CREATE TABLE setting (
        key text PRIMARY KEY NOT NULL,
        value text NOT NULL,
        changed_at bigint NOT NULL
      )`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'setting',
      'server_log',
      'server_command',
      'rating',
      'queue_entry',
      'match_player',
      'game_match',
      'match_rules',
      'game_server',
      'certificate',
      'session',
      'account',
    ];
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
