import type { Impact, ProblemBody, ProblemName } from '../api/contract.js';

/** The kinds of problem the API answers with. The `type` of one is `/problems/<name>`, the same for ever. */
export const PROBLEMS: Readonly<Record<ProblemName, { status: number; title: string }>> = {
  validation: { status: 400, title: 'The request does not have the form it needs' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'The token is missing or wrong' },
  'foreign-origin': { status: 403, title: "Another site's page may not ask this" },
  'not-found': { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'It cannot be done as things stand' },
  confirmation: { status: 409, title: 'The number typed in is not the number concerned' },
  'would-lock-out': { status: 409, title: 'You would lock yourself out' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'audit-failed': { status: 503, title: 'The audit log cannot be written' },
  'no-master-key': { status: 503, title: 'The master key cannot be read here' },
  busy: { status: 503, title: 'The server is busy' },
  internal: { status: 500, title: 'Something went wrong here' },
};

interface ProblemOptions {
  errors?: { field: string; message: string }[];
  impact?: Impact;
  headers?: Record<string, string>;
}

/** Throw this to answer with a problem (RFC 9457). `detail` is for the operator's eyes. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly headers: Record<string, string>;

  constructor(
    readonly code: ProblemName,
    readonly detail?: string,
    private readonly options: ProblemOptions = {},
  ) {
    super(detail ?? PROBLEMS[code].title);
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** No token, or a wrong one (RFC 6750 §3); with a wait, none was looked at. */
  static unauthenticated(detail: string, waitMs = 0): Problem {
    return new Problem('unauthenticated', detail, {
      headers: {
        'WWW-Authenticate': 'Bearer',
        ...(waitMs > 0 && { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) }),
      },
    });
  }

  /** Not now: come back in `seconds`. */
  static busy(detail: string, seconds: number): Problem {
    return new Problem('busy', detail, { headers: { 'Retry-After': String(seconds) } });
  }

  toBody(requestId: string | undefined): ProblemBody {
    const { title, status } = PROBLEMS[this.code];
    const { errors, impact } = this.options;
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(errors && { errors }),
      ...(impact && { impact }),
    };
  }
}
