/** Pictures of noise around a colour, and a backbone of one layer: a model of pictures in milliseconds. */

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { seededRandom } from '../../src/core/random.ts';
import { GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import type { PicturePack } from '../../src/models/picture-pack.ts';
import { floats, graphDef, node, placeholder, windowed } from '../models/graph/tensorflow/toy-tensorflow.ts';
import { type Colour, encode } from '../photo-fixtures.ts';

const random = seededRandom(11);
const filters = Array.from({ length: 3 * 3 * 3 * 5 }, () => random() * 2 - 1);

/** Writes a TensorFlow graph of one convolution into the folder: 8 × 8 pixels in, 5 values out. */
export async function writeToyPack(folder: string, changes: Partial<PicturePack> = {}): Promise<PicturePack> {
  const graph = graphDef(
    placeholder('picture', -1, 8, 8, 3),
    floats('filters', [3, 3, 3, 5], filters),
    node('layer', 'Conv2D', ['picture', 'filters'], windowed('SAME')),
    node('bottleneck', 'Relu', ['layer']),
  );
  const bytes = toBinary(GraphDefSchema, graph);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'toy.pb'), bytes);
  return {
    kind: 'picture',
    name: 'toy',
    licence: 'none',
    source: 'made in code',
    graph: { format: 'tensorflow', files: [{ folder, path: 'toy.pb', sha256 }] },
    input: {
      node: 'picture',
      width: 8,
      height: 8,
      preparation: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
      resize: 'bilinear',
    },
    bottleneck: { nodes: ['bottleneck'], size: 5 },
    ...changes,
  };
}

/** Writes `<root>/<label>/<n>.png` for each colour: patches of it, brighter and darker at random. */
export async function writeColours(
  root: string,
  colours: Readonly<Record<string, Colour>>,
  count: number,
): Promise<void> {
  const noise = seededRandom(5);
  for (const [label, colour] of Object.entries(colours)) {
    await mkdir(join(root, label), { recursive: true });
    for (let n = 0; n < count; n++) {
      // Patches of 8 pixels: what differs from picture to picture survives the perceptual hash.
      const patches = Array.from({ length: 64 }, () => 60 * noise() - 30);
      const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
        const value = colour[i % 3]! + patches[Math.floor(y / 8) * 8 + Math.floor(x / 8)]!;
        return Math.min(255, Math.max(0, value));
      });
      await encode({ width: 64, height: 64, data })
        .png()
        .toFile(join(root, label, `${n}.png`));
    }
  }
}
