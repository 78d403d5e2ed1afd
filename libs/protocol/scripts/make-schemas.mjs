// Writes schemas/*.json from the message table. Run it after a build of this library, whenever a schema changes:
//   npx tsc --build libs/protocol/tsconfig.lib.json && node libs/protocol/scripts/make-schemas.mjs
// A test compares the files with the table.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from '../dist/messages/json-schemas.js';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
const files = jsonSchemas();
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(new URL(name, folder));
for (const [name, content] of files) {
  writeFileSync(new URL(name, folder), `${JSON.stringify(content, null, 2)}\n`);
}
console.log(`${files.size} files in ${folder.pathname}`);
