import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Compiles the library's sources for child processes, which Jest's transform does not reach; so the tests need
 * no build. Gives the path of the compiled index and a way to delete it all.
 */
export async function compileStore(): Promise<{ index: string; remove(): Promise<void> }> {
  const output = join(project, 'test-output');
  await mkdir(output, { recursive: true });
  const directory = await mkdtemp(join(output, 'store-'));
  const source = join(project, 'src');
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
  await Promise.all(
    files.map(async (file) => {
      const { code } = await transform(await readFile(join(source, file), 'utf8'), {
        swcrc: false,
        filename: file,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
      });
      const target = join(directory, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, code);
    }),
  );
  return {
    index: join(directory, 'index.js'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
