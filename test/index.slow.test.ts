/** The programs that the documentation shows run as they are written there. */

import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import * as whosin from '../src/index.ts';
import { build, environmentWith, repository } from './cli/whosin.ts';
import { writePhoto, writePortraits } from './demo-people.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { warmHome } from './warm-home.ts';

beforeAll(build);

/** The indented programs of a doc comment: each begins with its imports. */
function programsOf(text: string): string[] {
  const [comment] = /^\/\*\*[\s\S]*?\*\//.exec(text)!;
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const code = lines.map((line) => (line.startsWith('    ') ? line.slice(4) : '')).join('\n');
  return code
    .split(/\n{2,}/)
    .map((program) => program.trim())
    .filter((program) => program !== '');
}

/** A folder of photos in which `import ... from 'whosin'` finds this package. */
async function folderWithWhosin(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'node_modules'));
  await symlink(repository, join(folder, 'node_modules', 'whosin'), 'junction');
  await writePortraits(join(folder, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
  await writePhoto(join(folder, 'party.jpg'), await readFile(demoPhoto(3)));
  await warmHome(join(folder, 'home'));
  return folder;
}

async function run(program: string, folder: string): Promise<string> {
  const path = join(folder, 'program.mjs');
  await writeFile(path, program);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], {
    cwd: folder,
    env: { ...environmentWith(join(folder, 'home')), NO_COLOR: '1' },
  });
  expect(stderr).toBe('');
  return stdout;
}

test('the programs of src/index.ts and of the README run: the first learns, the others answer', async () => {
  const [learn, ask, ...others] = programsOf(await readFile(join(repository, 'src', 'index.ts'), 'utf8'));
  expect(others).toEqual([]);
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme)!;
  const folder = await folderWithWhosin();

  expect(await run(learn!, folder)).toContain('photos: 0');
  expect((await stat(join(folder, 'people.onnx'))).size).toBeGreaterThan(10_000);
  expect(await run(ask!, folder)).toContain('party.jpg');
  for (const program of [ask!, example!]) {
    const answers = await run(program, folder);
    for (const word of ["person: 'mona'", "person: 'nell'", "kind: 'unknown'"]) {
      expect(answers).toContain(word);
    }
  }
});

test('what can be imported is a promise: names are added with care and not taken away', () => {
  expect(Object.keys(whosin).toSorted()).toEqual([
    'WhosinError',
    'crossValidate',
    'enrolPerson',
    'evaluateModel',
    'faceLabels',
    'loadPeopleModel',
    'openFaces',
    'openWhosin',
    'photoJson',
    'photosIn',
    'readRegions',
    'regionsJson',
    'removePerson',
    'renamePerson',
    'savePeopleModel',
    'savePictureModel',
    'strangerRateOf',
    'verifyPhotos',
    'videoJson',
    'withMaxWrong',
  ]);
});
