import 'reflect-metadata';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** What is known of one setting beside its value. */
export interface SettingInfo {
  /** Member of MasterConfig. */
  field: string;
  /** Name of the environment variable. */
  env: string;
  /** True if its value must never be shown; such a setting can also be given as `NAME_FILE`. */
  secret: boolean;
  /** What is allowed, to be read after "allowed is". */
  allowed: string;
  /** The default where it is not a plain value of the class, in words. */
  defaultText?: string;
  /** One sentence for the operator. */
  about: string;
}

interface Rule<T> {
  allowed: string;
  /** The value a text stands for, or undefined if it stands for none. */
  parse(text: string): T | undefined;
}

interface Options {
  secret?: boolean;
  defaultText?: string;
}

const registry = new Map<object, SettingInfo[]>();

/** The settings declared on a class, in order of declaration. */
export function settingsOf(target: abstract new () => unknown): readonly SettingInfo[] {
  return registry.get(target.prototype as object) ?? [];
}

/** Declares a member as a setting: read from `env`, parsed and validated by `rule`. */
function setting<T>(env: string, rule: Rule<T>, about: string, options: Options): PropertyDecorator {
  return (target, property) => {
    const field = String(property);
    const info: SettingInfo = { field, env, secret: options.secret ?? false, allowed: rule.allowed, about };
    if (options.defaultText !== undefined) info.defaultText = options.defaultText;
    registry.set(target, [...(registry.get(target) ?? []), info]);
    // A text that stands for no value is kept as it is: the validator then refuses it by its type.
    Transform(({ value }) =>
      typeof value === 'string' ? (rule.parse(value) ?? new Unparsed(value)) : value,
    )(target, property);
    ValidateBy({
      name: 'setting',
      validator: {
        validate: (value) => !(value instanceof Unparsed),
        defaultMessage: (args) =>
          `${env} is ${shapeOf(args?.value, info.secret)}; allowed is ${rule.allowed}.`,
      },
    })(target, property);
  };
}

/** A text that its rule refused. */
class Unparsed {
  constructor(readonly text: string) {}
}

function shapeOf(value: unknown, secret: boolean): string {
  const text = value instanceof Unparsed ? value.text : String(value);
  if (text.length === 0) return 'empty';
  if (secret) return `a text of ${text.length} characters`;
  return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 60)}…" (${text.length} characters)`;
}

/** A whole number from `min` to `max`. */
export function IntegerSetting(
  env: string,
  range: { min: number; max: number; unit?: string },
  about: string,
  options: Options = {},
): PropertyDecorator {
  const allowed = `a whole number from ${range.min} to ${range.max}${range.unit ? ` (${range.unit})` : ''}`;
  const parse = (text: string): number | undefined => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= range.min && value <= range.max ? value : undefined;
  };
  return setting(env, { allowed, parse }, about, options);
}

/** A number, fractions included, from `min` to `max`. */
export function NumberSetting(
  env: string,
  range: { min: number; max: number; unit?: string },
  about: string,
  options: Options = {},
): PropertyDecorator {
  const allowed = `a number from ${range.min} to ${range.max}${range.unit ? ` (${range.unit})` : ''}`;
  const parse = (text: string): number | undefined => {
    const value = /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
    return value >= range.min && value <= range.max ? value : undefined;
  };
  return setting(env, { allowed, parse }, about, options);
}

/** One of a few words. */
export function ChoiceSetting(
  env: string,
  words: readonly string[],
  about: string,
  options: Options = {},
): PropertyDecorator {
  return setting(
    env,
    { allowed: `one of ${words.join(', ')}`, parse: (text) => (words.includes(text) ? text : undefined) },
    about,
    options,
  );
}

/** Text of a given form. */
export function TextSetting(
  env: string,
  form: { pattern: RegExp; allowed: string },
  about: string,
  options: Options = {},
): PropertyDecorator {
  return setting(
    env,
    { allowed: form.allowed, parse: (text) => (form.pattern.test(text) ? text : undefined) },
    about,
    options,
  );
}

/** Bytes written as hexadecimal digits; an optional `label:` in front, as in key files, is taken off. */
export function HexSetting(
  env: string,
  form: { bytes: number; label: string },
  about: string,
  options: Options = {},
): PropertyDecorator {
  const digits = form.bytes * 2;
  const pattern = new RegExp(`^(?:${form.label}:)?([0-9a-fA-F]{${digits}})$`);
  const parse = (text: string): Buffer | undefined => {
    const match = pattern.exec(text);
    return match?.[1] === undefined ? undefined : Buffer.from(match[1], 'hex');
  };
  return setting(
    env,
    { allowed: `${digits} hexadecimal digits (${form.bytes} bytes)`, parse },
    about,
    options,
  );
}

/** A comma-separated list, each item of which has a given form. */
export function ListSetting(
  env: string,
  form: { allowed: string; accepts(item: string): boolean },
  about: string,
  options: Options = {},
): PropertyDecorator {
  const parse = (text: string): string[] | undefined => {
    const items = text.split(',').map((item) => item.trim());
    return items.every((item) => form.accepts(item)) ? items : undefined;
  };
  return setting(env, { allowed: form.allowed, parse }, about, options);
}
