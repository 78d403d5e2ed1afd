/** The part of the address after `?`, as text; what a page does not know is dropped by its own reader. */
export type RawSearch = Record<string, unknown>;

/** A text, or undefined. */
export function textParam(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

/** One of `choices`, or undefined. */
export function choiceParam<Choice extends string>(
  search: RawSearch,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === search[name]);
}

/** Unix ms, or undefined. */
export function timeParam(search: RawSearch, name: string): number | undefined {
  const value = search[name];
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Reads the address as plain text, so that `?q=123` searches for the text 123. */
export function parseSearch(search: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Writes what is set. */
export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
