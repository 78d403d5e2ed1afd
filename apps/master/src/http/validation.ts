import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem } from './problem.js';

/** Names of unknown fields come from the caller: no longer than this are they repeated. */
const MAX_FIELD = 100;
const MAX_ERRORS = 50;

/** One thing that is wrong with a request. */
export interface FieldError {
  /** Where, as a path: `username`, `items[0].name`. */
  field: string;
  message: string;
}

/** Checks bodies and queries against their DTOs; a field that the DTO does not name is refused. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      validationProblem(errors.flatMap((error) => fieldErrors(error, '')).slice(0, MAX_ERRORS)),
  });
}

/** The problem that lists field errors. */
export function validationProblem(errors: FieldError[]): Problem {
  return new Problem('validation', 'See "errors" for what is not acceptable.', { extensions: { errors } });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = `${parent}${error.property}`.slice(0, MAX_FIELD);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'is not a known field' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}
