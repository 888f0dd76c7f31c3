/** A guess about the values that a network takes, tried on the photos that come with whosin. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { preparations } from '../../src/models/graph/picture-parts.ts';
import { GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import type { PicturePack } from '../../src/models/picture-pack.ts';
import { foreignPack } from '../../src/packs/foreign-pack.ts';
import { readModelFile } from '../../src/packs/model-file.ts';
import { tryRange } from '../../src/packs/try-ranges.ts';
import { floats, graphDef, ints, node, placeholder } from '../models/graph/tensorflow/toy-tensorflow.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Calls a picture bright if its mean is above a limit in the network's own values, else dark. */
async function brightness(limit: number, sureness: number, home: string): Promise<PicturePack> {
  const graph = graphDef(
    placeholder('picture', -1, 8, 8, 3),
    ints('places', [3], [1, 2, 3]),
    node('mean', 'Mean', ['picture', 'places']),
    ints('column', [2], [-1, 1]),
    node('means', 'Reshape', ['mean', 'column']),
    floats('signs', [1, 2], [-sureness, sureness]),
    node('product', 'MatMul', ['means', 'signs']),
    floats('limits', [2], [sureness * limit, -sureness * limit]),
    node('logits', 'BiasAdd', ['product', 'limits']),
    node('scores', 'Softmax', ['logits']),
  );
  const path = join(home, 'bright.pb');
  await writeFile(path, toBinary(GraphDefSchema, graph));
  const labels = { names: ['dark', 'bright'], ground: 'given' } as const;
  const { pack } = await foreignPack(await readModelFile(path), { name: 'bright', labels });
  return pack;
}

describe('a network that takes 0 to 255 and does not tell so', () => {
  // It said the same label for every photo, and nobody was told why.
  test('gives one label with the guess: the ranges that tell the photos apart are named', async () => {
    const home = await temporaryFolder();
    const pack = await brightness(110, 1, home);
    expect(pack.grounds?.range).toBe('guess');
    expect(await tryRange(pack, { home, threads: 1 })).toEqual({
      label: 'dark',
      same: true,
      others: ['0..255'],
    });
  });

  test('is not doubted once the range was given', async () => {
    const home = await temporaryFolder();
    const pack = await brightness(110, 1, home);
    const given: PicturePack = { ...pack, grounds: { size: 'file', range: 'given' } };
    expect(await tryRange(given, { home, threads: 1 })).toBeUndefined();
  });
});

test('a guess that tells the photos apart is no reason to warn', async () => {
  const home = await temporaryFolder();
  expect(await tryRange(await brightness(-0.14, 9, home), { home, threads: 1 })).toBeUndefined();
});

test('the same answer with every range: nothing else is proposed', async () => {
  const home = await temporaryFolder();
  expect(await tryRange(await brightness(9000, 1, home), { home, threads: 1 })).toEqual({
    label: 'dark',
    same: true,
    others: [],
  });
});

test('one label, not always as surely, and no range that changes it: the photos may show one kind of thing', async () => {
  const home = await temporaryFolder();
  const pack = await brightness(300, 0.01, home);
  const input = { ...pack.input, preparation: preparations['0..255'] };
  expect(await tryRange({ ...pack, input }, { home, threads: 1 })).toBeUndefined();
});
