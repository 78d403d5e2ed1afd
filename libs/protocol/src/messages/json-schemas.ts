import type { TSchema } from 'typebox';
import { msgTypeName } from '../msg-type.js';
import { ACKNOWLEDGED, MESSAGE_TABLE } from './message-table.js';
import { Close, Ready } from './schemas-channel.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The published JSON Schemas: file name → content. One file per schema, and `messages.json`, which says for each
 * service and direction what number, name and schema a message has and whether an Ack answers it.
 *
 * What a JSON Schema cannot say stands in the protocol's description: the 16 levels, the 64 KiB, that a
 * byte-order mark is refused and that a member called `__proto__` is ignored.
 */
export function jsonSchemas(): Map<string, unknown> {
  const files = new Map<string, unknown>();
  const publish = (schema: TSchema): string => {
    const name = fileName(schema);
    files.set(name, { $schema: DIALECT, ...schema });
    return name;
  };
  publish(Ready);
  publish(Close);
  const table = Object.entries(MESSAGE_TABLE).flatMap(([service, directions]) =>
    Object.entries(directions).flatMap(([direction, schemas]) =>
      Object.entries<TSchema>(schemas).map(([type, schema]) => ({
        service,
        direction,
        type: Number(type),
        name: msgTypeName(Number(type)),
        acknowledged: ACKNOWLEDGED.has(Number(type)),
        schema: publish(schema),
      })),
    ),
  );
  files.set('messages.json', table);
  return files;
}

function fileName(schema: TSchema): string {
  const { title } = schema as { title?: string };
  if (title === undefined) throw new TypeError('a message schema has no title');
  return `${title.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}.schema.json`;
}
