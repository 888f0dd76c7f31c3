import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faceApiPack } from '../../src/models/face-api.ts';
import { compiledNetwork } from '../../src/runtime/model-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toyNetwork } from './toy-network.ts';

describe('compiledNetwork', () => {
  test('compiles into the home once, and takes the stored graph from then on', async () => {
    const home = await temporaryFolder();
    const spec = toyNetwork();
    const path = await compiledNetwork(spec, home);
    const first = await stat(path, { bigint: true });
    expect(path.startsWith(join(home, 'models'))).toBe(true);
    expect(await compiledNetwork(spec, home)).toBe(path);
    const second = await stat(path, { bigint: true });
    expect([second.ino, second.mtimeNs]).toEqual([first.ino, first.mtimeNs]);
    expect(await readdir(join(home, 'models'))).toHaveLength(1);
  });

  test('does not read or check the weights where a graph is stored', async () => {
    const home = await temporaryFolder();
    const path = await compiledNetwork(toyNetwork(), home);
    const { sha256 } = faceApiPack.landmarks.weights;
    const gone = toyNetwork({ weights: { package: 'no-such-package', path: 'weights.bin', sha256 } });
    expect(await compiledNetwork(gone, home)).toBe(path);
  });

  test('another compiler version or other weights never meet the old graph', async () => {
    const home = await temporaryFolder();
    const { weights, manifest } = faceApiPack.detector;
    const compilerVersion = faceApiPack.landmarks.compilerVersion + 1;
    const paths = [
      await compiledNetwork(toyNetwork(), home),
      await compiledNetwork(toyNetwork({ compilerVersion }), home),
      await compiledNetwork(toyNetwork({ weights, manifest }), home),
    ];
    expect(new Set(paths).size).toBe(3);
  });

  test('makes the graph anew when asked', async () => {
    const home = await temporaryFolder();
    const path = await compiledNetwork(toyNetwork(), home);
    const whole = await readFile(path);
    await writeFile(path, 'damaged');
    expect(await compiledNetwork(toyNetwork(), home, { again: true })).toBe(path);
    expect(await readFile(path)).toEqual(whole);
  });
});

describe('weights that cannot be trusted', () => {
  const { weights } = faceApiPack.landmarks;

  test('weights with another sha256 are refused with file, package and both sums', async () => {
    const home = await temporaryFolder();
    const expected = '0'.repeat(64);
    const spec = toyNetwork({ weights: { ...weights, sha256: expected } });
    const refusal = await compiledNetwork(spec, home).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'WhosinError', code: 'bad-weights' });
    for (const part of [weights.path, weights.package, weights.sha256, expected]) {
      expect((refusal as Error).message).toContain(part);
    }
    expect(await readdir(home)).toEqual([]);
  });

  test.each([
    ['a package that is not installed', { ...weights, package: 'no-such-package' }],
    ['a file that the package does not have', { ...weights, path: 'model/no-such-file.bin' }],
  ])('%s is named, and the message says what to do', async (_what, file) => {
    const home = await temporaryFolder();
    await expect(compiledNetwork(toyNetwork({ weights: file }), home)).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(new RegExp(`${file.path}.*${file.package}.*Install whosin again`, 's')),
    });
  });
});

test('a home that cannot be written to is named', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, 'not a folder');
  await expect(compiledNetwork(toyNetwork(), join(file, 'home'))).rejects.toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining(join(file, 'home')),
  });
});

test('two processes that start at once on an empty home both get their network and leave one file', async () => {
  const home = await temporaryFolder();
  const children = [startChild(home), startChild(home)];
  // Both have loaded their code before either may begin, so they meet in the store.
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  for (const { stdin } of children) stdin.end('go\n');
  const ends = await Promise.all(
    children.map(async (child) => {
      const [output, errors, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit') as Promise<[number | null]>,
      ]);
      return { output, errors, status };
    }),
  );
  expect(ends).toEqual(children.map(() => ({ output: '128 numbers\n', errors: '', status: 0 })));
  expect(await readdir(join(home, 'models'))).toEqual([
    expect.stringMatching(/^face-api-embedder-[0-9a-f]{16}-v\d+-int8-[0-9a-f]{8}\.onnx$/),
  ]);
});

function startChild(home: string): ChildProcessWithoutNullStreams {
  const program = fileURLToPath(new URL('open-in-child.ts', import.meta.url));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program], {
    env: { ...process.env, WHOSIN_HOME: home, WHOSIN_THREADS: '1' },
  });
}
