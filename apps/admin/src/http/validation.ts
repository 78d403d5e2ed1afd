import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches, MaxLength, MinLength } from 'class-validator';
import { Problem } from './problem.js';

const MAX_FIELD = 100;
const MAX_ERRORS = 50;

/** Checks bodies and queries against their DTOs; a field that the DTO does not name is refused. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new Problem('validation', 'See "errors" for what is not acceptable.', {
        errors: errors.flatMap((error) => fieldErrors(error, '')).slice(0, MAX_ERRORS),
      }),
  });
}

function fieldErrors(error: ValidationError, parent: string): { field: string; message: string }[] {
  const field = `${parent}${error.property}`.slice(0, MAX_FIELD);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'is not a known field' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

/** Nothing invisible, and nothing that could end or turn a line. */
const VISIBLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;

/** Text of an operator that others will read: on one line, nothing invisible. */
export function PlainText(min: number, max: number): PropertyDecorator {
  return (target, property) => {
    MinLength(min)(target, property);
    MaxLength(max)(target, property);
    Matches(VISIBLE, { message: `${String(property)} must not have control or invisible characters` })(
      target,
      property,
    );
  };
}

/** A number of a query, which comes as text; what is none stays as it is and is refused. */
export function NumberOfQuery(): PropertyDecorator {
  return Transform(({ value }) =>
    typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value,
  );
}

/** `true` or `false` of a query. */
export function FlagOfQuery(): PropertyDecorator {
  return Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));
}
