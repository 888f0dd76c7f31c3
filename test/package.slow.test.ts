/** The package that npm would publish, installed by the README's own command with only the npm registry in reach, does the main job. */

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { extract } from 'tar';
import { expect, test } from 'vitest';
import { contentFaults } from '../scripts/release-checks.ts';
import { environmentWith, repository } from './cli/whosin.ts';
import { writePortraits } from './demo-people.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { openRegistryAlone } from './registry-alone.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Packed {
  readonly filename: string;
  readonly size: number;
}

const shell = process.platform === 'win32';

async function npm(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return (await promisify(execFile)('npm', args, { cwd, env, shell, maxBuffer: 64e6 })).stdout;
}

/** The command of the README, in words. */
async function installCommand(): Promise<string[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [command] = /^npm install -g whosin\b.*$/m.exec(readme)!;
  return command.split(' ').slice(1);
}

/** Built from a copy of the sources, since other tests run what was built beside them. */
async function pack(into: string): Promise<{ readonly tarball: string; readonly size: number }> {
  const copy = await temporaryFolder();
  const { files } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  const taken = [
    ...files.filter((name) => name !== 'dist'),
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'bundle.config.ts',
    'web',
  ];
  for (const name of taken) await cp(join(repository, name), join(copy, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: copy });
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  for (const config of ['bundle.config.ts', 'web/vite.config.ts']) {
    const bundle = [vite, 'build', '-c', config, '--logLevel', 'warn'];
    await promisify(execFile)(process.execPath, bundle, { cwd: copy });
  }
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const [packed] = JSON.parse(await npm(args, copy)) as [Packed];
  return { tarball: join(into, packed.filename), size: packed.size };
}

/** Sees the package as a TypeScript program that uses it does: with its declarations checked. */
const typedProgram = `
  import { openFaces, type Faces, type Decision, type IdentifiedPhoto, type TrainReport } from 'whosin';
  import { decide, groupFaces, readAlbum } from 'whosin/faces';
  import { classify, openPictureModel, type PictureClassifier } from 'whosin/pictures';
  export const faces: Promise<Faces> = openFaces({ config: { home: 'home', threads: 1 } });
  export const nameOf = (d: Decision): string | null => (d.kind === 'known' ? d.person : null);
  export const count = (photo: IdentifiedPhoto): number => (photo.kind === 'failure' ? 0 : photo.faces.length);
  export const right = ({ heldOut }: TrainReport): number => heldOut.right;
  export const functions = [decide, groupFaces, readAlbum, classify];
  export const model: Promise<PictureClassifier> = openPictureModel();
  // @ts-expect-error there is no such name
  import { nothing } from 'whosin';
`;

test('the package installs by the command of the README and trains and identifies there', {
  timeout: 600_000,
}, async ({ skip }) => {
  const registry = await openRegistryAlone();
  skip(registry === undefined, 'no npm registry answers here');
  if (registry === undefined) return;
  const folder = await temporaryFolder();
  const { tarball, size } = await pack(folder);

  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: new Uint8Array(await readFile(tarball)).buffer },
  });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  await mkdir(join(folder, 'unpacked'));
  await extract({ file: tarball, cwd: join(folder, 'unpacked'), strip: 1 });
  expect(await contentFaults(join(folder, 'unpacked'))).toEqual([]);
  expect(await readFile(join(folder, 'unpacked', 'dist', 'web', 'index.html'), 'utf8')).toContain('/assets/');
  expect(size).toBeLessThan(3.3e6);

  const command = (await installCommand()).map((word) => (word === 'whosin' ? tarball : word));
  const prefix = join(folder, 'prefix');
  await npm(command, folder, {
    ...registry.environment,
    npm_config_prefix: prefix,
    npm_config_cache: join(folder, 'npm-cache'),
  });
  expect(registry.refused).toEqual([]);
  registry.close();

  const bin = shell ? join(prefix, 'whosin.cmd') : join(prefix, 'bin', 'whosin');
  const whosin = async (
    ...args: readonly string[]
  ): Promise<{ status: number; stdout: string; stderr: string }> => {
    const environment = environmentWith(join(folder, 'home'));
    const options = { cwd: folder, env: environment, shell };
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

  const modules = shell ? join(prefix, 'node_modules') : join(prefix, 'lib', 'node_modules');
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(modules, 'whosin'), join(folder, 'node_modules', 'whosin'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const list =
    "console.log(Object.keys(await import('whosin')).sort().join(), typeof (await import('whosin/faces')).decide)";
  const listed = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', list], {
    cwd: folder,
  });
  // The whole list stands in test/api-surface/.
  expect(listed.stdout).toMatch(/\bopenFaces,openWhosin,.* function\n$/);

  await writeFile(join(folder, 'program.ts'), typedProgram);
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--noEmit', '--types', ''];
  const checked = await promisify(execFile)(process.execPath, [tsc, ...strict, 'program.ts'], {
    cwd: folder,
  }).catch(({ stdout }: { readonly stdout: string }) => ({ stdout }));
  expect(checked.stdout).toBe('');
});
