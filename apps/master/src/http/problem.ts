/** The kinds of problem the API answers with. The `type` of one is `/problems/<name>`, the same for ever. */
export const PROBLEMS = {
  validation: { status: 400, title: 'The request does not have the form it needs' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'A valid access token is needed' },
  'invalid-credentials': { status: 401, title: 'The name or the password is wrong' },
  banned: { status: 403, title: 'The account is banned' },
  'not-found': { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'This is not possible as things stand' },
  'username-taken': { status: 409, title: 'The name is taken' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  busy: { status: 503, title: 'The server is busy' },
  'not-ready': { status: 503, title: 'The server is not ready' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

/** A problem as it is sent (RFC 9457 §3.1), media type `application/problem+json`. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** Of the request, as in `X-Request-Id` and in the log. */
  requestId?: string;
  [extension: string]: unknown;
}

interface ProblemOptions {
  /** Further members of the body. */
  extensions?: Record<string, unknown>;
  /** Header fields of the answer. */
  headers?: Record<string, string>;
}

/** Throw this to answer with a problem. `detail` is for the caller's eyes: it repeats no value that was sent. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly extensions: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: ProblemName,
    readonly detail?: string,
    options: ProblemOptions = {},
  ) {
    super(detail ?? PROBLEMS[code].title);
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** Too many requests: come back in `waitMs`. */
  static rateLimited(detail: string, waitMs: number): Problem {
    return new Problem('rate-limited', detail, {
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
    });
  }

  /** Not now: come back in `seconds`. */
  static busy(detail: string, seconds: number): Problem {
    return new Problem('busy', detail, { headers: { 'Retry-After': String(seconds) } });
  }

  /** No token, or one that is not valid (RFC 6750 §3). */
  static unauthenticated(detail: string, error?: 'invalid_token'): Problem {
    return new Problem('unauthenticated', detail, {
      headers: { 'WWW-Authenticate': error ? `Bearer error="${error}"` : 'Bearer' },
    });
  }

  toBody(requestId: string | undefined): ProblemBody {
    const { title, status } = PROBLEMS[this.code];
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...this.extensions,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
}
