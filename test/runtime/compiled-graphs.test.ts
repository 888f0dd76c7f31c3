import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faceApiPack } from '../../src/models/face-api.ts';
import type { GraphSpec } from '../../src/models/network.ts';
import { compiledGraph, graphsInMemory } from '../../src/runtime/compiled-graphs.ts';
import { openNetwork } from '../../src/runtime/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toyNetwork } from './toy-network.ts';

/** The path of the compiled graph. */
async function stored(spec: GraphSpec, home: string, again = false): Promise<string> {
  const graph = await compiledGraph(spec, { home }, { again });
  if (typeof graph === 'string') return graph;
  throw new Error('it was not stored');
}

describe('a compiled graph', () => {
  test('is compiled into the home once, and taken from there from then on', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const path = await stored(spec, home);
    const first = await stat(path, { bigint: true });
    expect(path.startsWith(join(home, 'models'))).toBe(true);
    expect(await stored(spec, home)).toBe(path);
    const second = await stat(path, { bigint: true });
    expect([second.ino, second.mtimeNs]).toEqual([first.ino, first.mtimeNs]);
    expect(await readdir(join(home, 'models'))).toHaveLength(1);
  });

  // Nobody wrote into the folder again if another process had stored the same graph: 5 files in 200 kills.
  test('is all that stays of it: what a killed process left is removed, if nothing is to be compiled too', async () => {
    const [home, other] = [await temporaryFolder(), await temporaryFolder()];
    const spec = await toyNetwork();
    await (await openNetwork(spec, { home: other, threads: 1 })).close();
    await cp(other, home, { recursive: true });
    const lefts = ['models/', 'optimised/toy.onnx'].map((name) =>
      join(home, `${name}.whosin-${randomUUID()}.tmp`),
    );
    for (const left of lefts) {
      await writeFile(left, 'half of a graph');
      await utimes(left, 1000, 1000);
    }
    await (await openNetwork(spec, { home, threads: 1 })).close();
    for (const left of lefts) await expect(stat(left)).rejects.toThrow('ENOENT');
    expect(await readdir(join(home, 'models'))).toEqual(await readdir(join(other, 'models')));
  });

  test('is taken without a look at the weights, wherever those are now', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const path = await stored(spec, home);
    const gone = spec.files.map(({ sha256 }) => ({ package: 'no-such-package', path: 'x.bin', sha256 }));
    expect(await stored({ ...spec, files: gone }, home)).toBe(path);
  });

  test('is another one for another compiler, other settings or other weights', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const { compiler } = spec;
    if (compiler.name !== 'tensorflow-js') throw new Error(compiler.name);
    const settings = { ...compiler.settings, outputs: [{ node: 'picture', name: 'values' }] };
    const [model, weights] = spec.files;
    const paths = [
      await stored(spec, home),
      await stored({ ...spec, compiler: { ...compiler, version: 2 } }, home),
      await stored({ ...spec, compiler: { ...compiler, settings } }, home),
      await stored({ ...spec, files: [model!, weights!, weights!] }, home),
    ];
    expect(new Set(paths).size).toBe(4);
  });

  test('is made anew when asked', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const path = await stored(spec, home);
    const whole = await readFile(path);
    await writeFile(path, 'damaged');
    expect(await stored(spec, home, true)).toBe(path);
    expect(await readFile(path)).toEqual(whole);
  });
});

describe('weights that cannot be trusted', () => {
  const [manifest, weights] = faceApiPack.landmarks.files;

  test('weights with another sha256 are refused with file, package and both sums', async () => {
    const home = await temporaryFolder();
    const expected = '0'.repeat(64);
    const spec = { ...faceApiPack.landmarks, files: [manifest, { ...weights, sha256: expected }] };
    const refusal = await compiledGraph(spec, { home }).catch((error: unknown) => error);
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
    const spec = { ...faceApiPack.landmarks, files: [manifest, file] };
    await expect(compiledGraph(spec, { home })).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(new RegExp(`${file.path}.*${file.package}.*Install whosin again`, 's')),
    });
  });
});

describe('a home that cannot be written to', () => {
  async function unwritable(): Promise<string> {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'not a folder');
    return join(file, 'home');
  }

  test('is told of, and the graph is kept in memory: it is compiled once, and runs', async () => {
    const home = await unwritable();
    const reasons: string[] = [];
    const config = { home, threads: 1, onNotKept: (reason: string) => reasons.push(reason) };
    const spec = await toyNetwork();
    const graph = await compiledGraph(spec, config);
    expect(graph).toBeInstanceOf(Uint8Array);
    expect(await compiledGraph(spec, config)).toBe(graph);
    expect(reasons).toEqual([expect.stringContaining(home)]);
    const network = await openNetwork(spec, config);
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    await network.close();
    expect([...values!.data]).toEqual([...pixels]);
  });

  test('leaves the graph for other threads to take', async () => {
    const home = await unwritable();
    const graph = await compiledGraph(await toyNetwork(), { home });
    const [, kept] = [...graphsInMemory()].find(([path]) => path.startsWith(home))!;
    expect(kept).toBe(graph);
  });
});

describe('graphs of other versions', () => {
  const version = (spec: GraphSpec, n: number): GraphSpec => ({
    ...spec,
    compiler: { ...spec.compiler, version: n },
  });

  test('are removed when a new one is written, of the same network alone', async () => {
    const home = await temporaryFolder();
    const [spec, other] = [await toyNetwork(), await toyNetwork({ name: 'toy-2' })];
    const old = await stored(spec, home);
    const kept = await stored(other, home);
    await writeFile(join(home, 'models', 'own.onnx'), 'not a graph of ours');
    const now = await stored(version(spec, 2), home);
    expect((await readdir(join(home, 'models'))).toSorted()).toEqual(
      [kept, now, 'own.onnx'].map((path) => basename(path)).toSorted(),
    );
    expect(now).not.toBe(old);
  });

  // A home may be shared by two machines, one of which has VNNI.
  test('stay if they are for a processor that adds bytes up in another way', async () => {
    const home = await temporaryFolder();
    const spec = faceApiPack.embedders[0]!.network;
    const answers: Float32Array[] = [];
    for (const weightBits of [8, 7, 8] as const) {
      const network = await openNetwork(spec, { home, threads: 1, weightBits });
      const { embeddings } = await network.run(new Uint8Array(150 * 150 * 3).fill(99), [1, 150, 150, 3]);
      answers.push(embeddings!.data);
      await network.close();
    }
    expect(await readdir(join(home, 'models'))).toHaveLength(2);
    expect(await readdir(join(home, 'optimised'))).toHaveLength(2);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[1]).not.toEqual(answers[0]);
  });

  test('and what ONNX Runtime made of them goes with them', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    await (await openNetwork(spec, { home, threads: 1 })).close();
    const [before] = await readdir(join(home, 'optimised'));
    const newer = { ...spec, compiler: { ...spec.compiler, version: 2 } };
    await (await openNetwork(newer, { home, threads: 1 })).close();
    const after = await readdir(join(home, 'optimised'));
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
  });

  test('of weights that whosin no longer comes with are removed too', async () => {
    const home = await temporaryFolder();
    const old = join(home, 'models', `human-facemesh-${'0'.repeat(16)}-v3.onnx`);
    await stored(await toyNetwork(), home);
    await writeFile(old, 'an old graph');
    await stored(faceApiPack.landmarks, home);
    await expect(stat(old)).rejects.toThrow('ENOENT');
    expect(await readdir(join(home, 'models'))).toHaveLength(2);
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
