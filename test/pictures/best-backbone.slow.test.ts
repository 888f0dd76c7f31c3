/** Which of the networks that are here is the best for a folder. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import { fromPictureFile } from '../../src/packs/add-picture-pack.ts';
import { addPack } from '../../src/packs/install-pack.ts';
import { bestBackbone } from '../../src/pictures/best-backbone.ts';
import { floats, graphDef, node, placeholder, windowed } from '../models/graph/tensorflow/toy-tensorflow.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeColours } from './toy-pictures.ts';

/** A graph of one convolution, whose bottleneck is the mean of its values. */
async function add(name: string, config: Config, filters: readonly number[]): Promise<void> {
  const graph = graphDef(
    placeholder('picture', -1, 8, 8, 3),
    floats('filters', [1, 1, 3, 3], [...filters]),
    node('layer', 'Conv2D', ['picture', 'filters'], windowed('SAME')),
    node('bottleneck', 'Relu', ['layer']),
  );
  const path = join(config.home, `${name}.pb`);
  await writeFile(path, toBinary(GraphDefSchema, graph));
  // Compiled elsewhere, so that the pack's own file is read again.
  const compiled = { ...config, home: join(config.home, 'elsewhere') };
  const known = { output: 'bottleneck', bottleneck: 'bottleneck' };
  await addPack(config.packs, 'picture', name, fromPictureFile(compiled, name, path, { known }));
}

test('the one that sees the colours wins; one that sees nothing is last; a damaged one is left out with its reason', async () => {
  const home = await temporaryFolder();
  const config: Config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
  await mkdir(config.packs);
  await add('colours', config, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  await add(
    'blind',
    config,
    Array.from({ length: 9 }, () => 0),
  );
  await add('damaged', config, [1, 1, 0, 0, 1, 1, 1, 0, 1]);
  await writeFile(join(config.packs, 'damaged', 'graph.pb'), 'no graph any more');
  const photos = join(home, 'photos');
  await writeColours(photos, { red: [200, 60, 60], blue: [60, 60, 200] }, 20);

  const told: string[] = [];
  const failed: string[] = [];
  const { pack, tried } = await bestBackbone(photos, config, {
    wanted: ({ name }) => name !== 'coco-mobilenet-v3',
    onTried: ({ name }) => told.push(name),
    onFailed: (name, { code }) => failed.push(`${name}: ${code}`),
  });
  expect(pack.name).toBe('colours');
  expect(told).toEqual(['blind', 'colours']);
  expect(failed).toEqual(['damaged: bad-weights']);
  expect(tried.map(({ name }) => name)).toEqual(['colours', 'blind']);
  expect(tried[0]!.accuracy).toBeGreaterThan(0.9);
  // Nothing is known without seeing: one in two, and its logarithm.
  expect(tried[1]!.crossEntropy).toBeCloseTo(Math.log(2), 1);
  expect(tried[0]!.crossEntropy).toBeLessThan(0.3);
  // A tenth of the pictures stays apart, to measure the model with that is trained then.
  expect(tried[0]!.pictures).toBeLessThan(40);
  expect(tried[0]!.pictures).toBe(tried[1]!.pictures);
});

test('without a network that may be used: a sentence', async () => {
  const home = await temporaryFolder();
  const config: Config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
  await expect(bestBackbone(home, config, { wanted: () => false })).rejects.toThrow('No network is here');
});
