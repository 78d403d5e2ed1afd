import { expect } from '@jest/globals';
import type { Answer } from './test-master.js';

/** Checks that an answer is the problem of that name, in the form of RFC 9457. */
export function expectProblem(answer: Answer, status: number, name: string): void {
  expect({ status: answer.status, type: answer.body['type'] }).toEqual({ status, type: `/problems/${name}` });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    status,
    title: expect.any(String),
    requestId: answer.headers.get('x-request-id'),
  });
}

/** The fields that a validation problem names; none for another problem. */
export function fieldsOf(answer: Answer): string[] {
  return [...new Set(((answer.body['errors'] ?? []) as { field: string }[]).map(({ field }) => field))];
}
