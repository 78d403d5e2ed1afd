import type { SqlParameter } from '../../sql/connection.js';

/** A WHERE clause that grows by those conditions that are asked for, with its parameters. */
export class Conditions {
  readonly parameters: SqlParameter[] = [];
  private readonly conditions: string[] = [];

  /** ` WHERE …`, or nothing. */
  get sql(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }

  /** Notes a parameter; gives its name in the statement. */
  parameter(value: SqlParameter): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  add(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** Adds a condition on a value, unless there is none. */
  and(condition: (parameter: string) => string, value: SqlParameter | undefined): this {
    return value === undefined ? this : this.add(condition(this.parameter(value)));
  }

  /** The text holds `part`, whatever the case of A to Z; the database folds both, each in its own way. */
  contains(expression: string, part: string | undefined): this {
    return this.and(
      (p) => `lower(${expression}) LIKE lower(${p}) ESCAPE '\\'`,
      part === undefined ? undefined : `%${literal(part)}%`,
    );
  }
}

/** Text that LIKE takes as it is. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
