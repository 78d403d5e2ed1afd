import type { ColumnOptions } from 'typeorm';

/** Column kinds that both databases have. Times are `bigint` milliseconds, JSON is text. */
export const text = { type: 'text' } as const satisfies ColumnOptions;
export const textOrNull = { type: 'text', nullable: true } as const satisfies ColumnOptions;
export const integer = { type: 'integer' } as const satisfies ColumnOptions;
export const bigint = { type: 'bigint' } as const satisfies ColumnOptions;
export const bigintOrNull = { type: 'bigint', nullable: true } as const satisfies ColumnOptions;
export const real = { type: 'double precision' } as const satisfies ColumnOptions;
export const realOrNull = { type: 'double precision', nullable: true } as const satisfies ColumnOptions;

/** 0 or 1, since raw statements would read `boolean` differently on the two. */
export const flag = {
  type: 'integer',
  transformer: {
    to: (value: boolean | null) => (value === null ? null : value ? 1 : 0),
    from: (value: number | null) => (value === null ? null : value === 1),
  },
} as const satisfies ColumnOptions;

const jsonTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: string | null): unknown => (value === null ? null : JSON.parse(value)),
};
export const jsonText = { type: 'text', transformer: jsonTransformer } as const satisfies ColumnOptions;
export const jsonTextOrNull = {
  type: 'text',
  nullable: true,
  transformer: jsonTransformer,
} as const satisfies ColumnOptions;
