import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built page is. */
export function builtPage(): string {
  const folder = fileURLToPath(new URL('../../dist', import.meta.url));
  if (!existsSync(`${folder}/index.html`))
    throw new Error('The page is not built: npx nx build @ranked/admin-web');
  return folder;
}

/** Where pictures go. */
export const PICTURES = fileURLToPath(new URL('../../test-output', import.meta.url));
