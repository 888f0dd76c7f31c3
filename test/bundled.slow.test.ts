/** Bundled into a program, whosin used to miss its weights and to ask to be installed again. */

import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { build, environmentWith, repository } from './cli/whosin.ts';
import { writePortraits } from './demo-people.ts';
import { temporaryFolder } from './temporary-folder.ts';

beforeAll(build);

const program = `
  import { openFaces } from 'whosin';
  try {
    const faces = await openFaces();
    const { model } = await faces.train('photos');
    await faces.close();
    console.log(model.people.join());
  } catch (error) {
    console.log(error.code, error.message);
  }
`;

/** The output of the program once it is bundled without these packages, which it finds beside itself. */
async function bundledWithout(...external: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'node_modules'));
  for (const name of new Set(['whosin', ...external])) {
    const place = name === 'whosin' ? repository : join(repository, 'node_modules', name);
    await symlink(place, join(folder, 'node_modules', name), 'junction');
  }
  await writePortraits(join(folder, 'photos'), { mona: ['mona', 1], nell: ['nell', 1] });
  await writeFile(join(folder, 'program.mjs'), program);
  await bundle({
    absWorkingDir: folder,
    entryPoints: ['program.mjs'],
    outfile: 'bundle.mjs',
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: [...external],
    logLevel: 'silent',
  });
  const options = { cwd: folder, env: environmentWith(join(folder, 'home')) };
  return (await promisify(execFile)(process.execPath, ['bundle.mjs'], options)).stdout;
}

test('marked as external it works', async () => {
  expect(await bundledWithout('whosin')).toBe('mona,nell\n');
});

test('swallowed by the bundle it says what to do', async () => {
  expect(await bundledWithout('onnxruntime-node', 'sharp')).toMatch(
    /^bad-weights Cannot read weights\/.*Mark it as external, for example with esbuild --external:whosin\.\n$/,
  );
});
