/** What npm would publish, packed and installed into an empty folder, does the main job there. */

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, test } from 'vitest';
import { build, environmentWith, repository } from './cli/whosin.ts';
import { writePortraits } from './demo-people.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const shell = process.platform === 'win32';
  return (await promisify(execFile)('npm', args, { cwd, shell, maxBuffer: 64e6 })).stdout;
}

/** Sees the package as a TypeScript program that uses it does: with its declarations checked. */
const typedProgram = `
  import { openFaces, type Faces, type Decision, type IdentifiedPhoto, type TrainReport } from 'whosin';
  import { decide, groupFaces, readAlbum } from 'whosin/faces';
  import { classify, openPictureModel, type PictureClassifier } from 'whosin/pictures';
  export const faces: Promise<Faces> = openFaces({ config: { home: 'home', threads: 1 } });
  export const nameOf = (d: Decision): string | null => (d.kind === 'known' ? d.person : null);
  export const count = (photo: IdentifiedPhoto): number => ('error' in photo ? 0 : photo.faces.length);
  export const right = ({ heldOut }: TrainReport): number => heldOut.right;
  export const functions = [decide, groupFaces, readAlbum, classify];
  export const model: Promise<PictureClassifier> = openPictureModel();
  // @ts-expect-error there is no such name
  import { nothing } from 'whosin';
`;

test('the package installs into an empty folder and trains and identifies there', {
  timeout: 300_000,
}, async () => {
  await build();
  const folder = await temporaryFolder();
  // Without its scripts: what is packed is what was built, and other tests are running that.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(await npm(pack, repository)) as [Packed];
  const tarball = await readFile(join(folder, packed.filename));

  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: new Uint8Array(tarball).buffer },
  });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  const paths = packed.files.map(({ path }) => path);
  const wanted = [
    'dist/cli/main.js',
    'dist/index.js',
    'dist/index.d.ts',
    'package.json',
    'LICENSE',
    'README.md',
  ];
  expect(paths).toEqual(expect.arrayContaining([...wanted, 'weights/dlib-128-faceres-1024.onnx']));
  expect(paths.filter((path) => /^(src|test|bench|scripts)\/|\.tgz$|^_/.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(2e6);

  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await npm(['install', `./${packed.filename}`, ...flags], folder);

  const bin = join(folder, 'node_modules', '.bin', 'whosin');
  const whosin = async (
    ...args: readonly string[]
  ): Promise<{ status: number; stdout: string; stderr: string }> => {
    const environment = environmentWith(join(folder, 'home'));
    const options = { cwd: folder, env: environment, shell: process.platform === 'win32' };
    return promisify(execFile)(bin, args, options).then(
      (run) => ({ status: 0, ...run }),
      ({
        code,
        stdout,
        stderr,
      }: {
        readonly code: number;
        readonly stdout: string;
        readonly stderr: string;
      }) => ({
        status: code,
        stdout,
        stderr,
      }),
    );
  };
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await whosin('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(await whosin('identify')).toMatchObject({ status: 2, stderr: expect.stringContaining('whosin') });

  await writePortraits(join(folder, 'photos'), { mona: ['mona', 1], nell: ['nell', 1] });
  expect(await whosin('train', 'photos', '-o', 'people.onnx')).toMatchObject({ status: 0, stderr: '' });
  const asked = await whosin('identify', demoPhoto(3), '-m', 'people.onnx', '--draw', 'named');
  expect(asked).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('3 faces: mona, nell, 1 unknown'),
  });

  const list =
    "console.log(Object.keys(await import('whosin')).sort().join(), typeof (await import('whosin/faces')).decide)";
  const listed = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', list], {
    cwd: folder,
  });
  expect(listed.stdout).toBe(
    'WhosinError,crossValidate,evaluateModel,loadPeopleModel,openFaces,savePeopleModel,strangerRateOf,verifyPhotos,withMaxWrong function\n',
  );

  await writeFile(join(folder, 'program.ts'), typedProgram);
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--noEmit', '--types', ''];
  const checked = await promisify(execFile)(process.execPath, [tsc, ...strict, 'program.ts'], {
    cwd: folder,
  }).catch(({ stdout }: { readonly stdout: string }) => ({ stdout }));
  expect(checked.stdout).toBe('');
});
