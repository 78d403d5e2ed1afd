import type { ProblemBody } from '../../src/api/contract.js';

/** An answer that is an error. */
export class FakeProblem extends Error {
  constructor(
    readonly body: ProblemBody,
    readonly headers: Record<string, string> = {},
  ) {
    super(body.title);
  }
}

/** Nothing is there. */
export function notFound(): FakeProblem {
  return new FakeProblem({
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    detail: 'There is no such thing.',
  });
}

/** A member of the body is wrong. */
export function invalid(field: string, message: string): FakeProblem {
  return new FakeProblem({
    type: '/problems/validation',
    title: 'The request is not valid',
    status: 400,
    detail: 'See the fields.',
    errors: [{ field, message }],
  });
}
