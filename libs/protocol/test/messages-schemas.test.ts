import { readFileSync, readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { decodeMessage } from '../src/messages/index.js';
import { jsonSchemas } from '../src/messages/json-schemas.js';
import { ProtocolError } from '../src/errors.js';
import { SAMPLES } from './messages-samples.js';
import { spoil } from './messages-spoiled.js';

const FOLDER = new URL('../schemas/', import.meta.url);

interface Row {
  readonly service: string;
  readonly direction: string;
  readonly type: number;
  readonly schema: string;
}

function published(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}

test('the files are what the table generates, no more and no less', () => {
  const files = jsonSchemas();
  expect(readdirSync(FOLDER).sort()).toEqual([...files.keys()].sort());
  for (const [name, content] of files) {
    expect(readFileSync(new URL(name, FOLDER), 'utf8')).toBe(`${JSON.stringify(content, null, 2)}\n`);
  }
});

describe('Ajv, given only the published files, and the validator give the same verdict', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const compiled = new Map<string, ValidateFunction>();
  const rows = published('messages.json') as readonly Row[];

  function validatorOf(name: string): ValidateFunction {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const validate = ajv.compile(published(name) as Record<string, unknown>);
    compiled.set(name, validate);
    return validate;
  }

  test.each(SAMPLES)('$name', ({ service, direction, type, full }) => {
    const row = rows.find((r) => r.service === service && r.direction === direction && r.type === type);
    const validate = validatorOf(row?.schema ?? 'missing');
    let refused = 0;
    let accepted = 0;
    for (const { what, value } of [{ what: 'itself', value: full as unknown }, ...spoil(full)]) {
      let ours = true;
      try {
        decodeMessage(service, direction, type, Buffer.from(JSON.stringify(value)));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        ours = false;
      }
      expect({ what, accepted: ours }).toEqual({ what, accepted: validate(value) });
      if (ours) accepted++;
      else refused++;
    }
    expect(accepted).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });
});
