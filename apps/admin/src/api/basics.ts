/*
 * What all answers of the dashboard's API share. This folder is types alone: the page imports it (`import type`), scripts can
 * read it. Times are Unix milliseconds unless a name says seconds; ids are lower-case UUIDs; ratings that people see are
 * display points.
 */

/** A list, a page at a time. Ask again with `cursor=<next>` for what follows; `next` is null on the last page. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Query of every list. `format=csv` gives all rows (10,000 at most) as a file instead of a page. */
export interface PageQuery {
  /** 1 to 200; 50 unless said. */
  limit?: number;
  cursor?: string;
  format?: 'csv';
}

/**
 * Every error (RFC 9457), media type `application/problem+json`.
 * @example { "type": "/problems/conflict", "title": "It cannot be done as things stand", "status": 409,
 *   "detail": "The match has ended already.", "requestId": "5f0c…" }
 */
export interface ProblemBody {
  type: `/problems/${ProblemName}`;
  title: string;
  status: number;
  /** A sentence for the operator. */
  detail?: string;
  /** Of the request, as in `X-Request-Id` and in the log. */
  requestId?: string;
  /** Of `/problems/validation`: what is wrong, field by field. */
  errors?: { field: string; message: string }[];
  /** Of `/problems/confirmation`: what the action would do; repeat it with `confirm` set to its `number`. */
  impact?: Impact;
}

/**
 * - `validation` 400 · `malformed-json` 400 · `bad-request` 400
 * - `unauthenticated` 401: no token, or a wrong one; with `Retry-After` when it came too soon after a wrong one
 * - `not-found` 404 · `too-large` 413 · `unsupported-media-type` 415
 * - `foreign-origin` 403: the request was made by another site's page
 * - `conflict` 409: the thing is in a state in which the action means nothing, see `detail`
 * - `confirmation` 409: the number typed in is not the number concerned
 * - `would-lock-out` 409: the new address list leaves out the address that asks
 * - `audit-failed` 503: the audit row could not be written, so nothing was done
 * - `no-master-key` 503: this process cannot read the master key, so it cannot issue or rotate
 * - `rate-limited` 429 · `busy` 503 (`Retry-After`) · `internal` 500
 */
export type ProblemName =
  | 'validation'
  | 'malformed-json'
  | 'bad-request'
  | 'unauthenticated'
  | 'foreign-origin'
  | 'not-found'
  | 'conflict'
  | 'confirmation'
  | 'would-lock-out'
  | 'too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'audit-failed'
  | 'no-master-key'
  | 'busy'
  | 'internal';

/**
 * What a dangerous action will do. Every action that has one answers it to `?preview=true` (the same method and body): nothing
 * is done and nothing is audited.
 * @example { "sentence": "eu-1 gets no new matches. 2 matches with 8 players are played to their end.",
 *   "players": 8, "matches": 2, "certificates": 0, "number": 2 }
 */
export interface Impact {
  /** To be shown as it is. */
  sentence: string;
  players: number;
  matches: number;
  certificates: number;
  /** What has to be typed in, where an action asks for `confirm`. */
  number: number;
}

/** What an action answers, 200. `auditId` is the row of the audit log that came with it, in the same transaction. */
export interface ActionResult {
  auditId: number;
  /** What was done, in a sentence. */
  done: string;
  /** False when it was so already and nothing changed. */
  changed: boolean;
  /** Where the action is a command to a game server: its id, to be followed in the list of commands. */
  commandId?: string;
}

/** Who asks. `GET /api/session`: the page uses it to try a token. */
export interface SessionView {
  /** Common name of the client certificate. */
  certificateName: string;
  /** Its serial, lower-case hexadecimal. */
  certificateSerial: string;
  certificateExpiresAt: number;
  address: string;
  /** Version of the dashboard. */
  version: string;
  now: number;
}
