import type { Impact, ProblemBody, ProblemName } from './contract.js';

/** Why a call came to nothing: the problem that the server told, or `unreachable` where no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    readonly code: ProblemName | 'unreachable' | 'unreadable',
    readonly status: number,
    /** Time until it makes sense to ask again, ms. */
    readonly retryAfterMs: number | null = null,
    /** Field by field, of a body that was refused. */
    readonly fields: readonly { field: string; message: string }[] = [],
    readonly impact: Impact | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

const PROBLEM_PREFIX = '/problems/';

/** Reads an error answer. What is no problem document (a proxy's page, say) becomes an error with the status alone. */
export async function readProblem(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : null;
  const problem = await problemBody(response);
  if (problem === null) {
    return new ApiError(
      `The server answered ${response.status}.`,
      response.status === 401 ? 'unauthenticated' : 'unreadable',
      response.status,
      retryAfterMs,
    );
  }
  return new ApiError(
    problem.detail ?? problem.title,
    problem.type.slice(PROBLEM_PREFIX.length) as ProblemName,
    response.status,
    retryAfterMs,
    problem.errors ?? [],
    problem.impact ?? null,
    problem.requestId ?? null,
  );
}

async function problemBody(response: Response): Promise<ProblemBody | null> {
  try {
    const body: unknown = await response.json();
    return isProblem(body) ? body : null;
  } catch {
    return null;
  }
}

function isProblem(body: unknown): body is ProblemBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'type' in body &&
    typeof body.type === 'string' &&
    body.type.startsWith(PROBLEM_PREFIX) &&
    'title' in body &&
    typeof body.title === 'string'
  );
}
