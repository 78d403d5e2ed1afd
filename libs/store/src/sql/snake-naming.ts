import { DefaultNamingStrategy } from 'typeorm';

/** Columns are `snake_case` in the database and `camelCase` in TypeScript. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string): string {
    return snakeCase(propertyName);
  }
}

/** `banReason` → `ban_reason`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A SELECT list of one table's columns under their TypeScript names. */
export function columnList(alias: string, names: readonly string[]): string {
  return names.map((name) => `${alias}.${snakeCase(name)} AS "${name}"`).join(', ');
}
