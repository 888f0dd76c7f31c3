/** A TensorFlow classifier of three layers, as a file and as an archive: small enough to be pulled in a test. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { create as createTar } from 'tar';
import { GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import type { PullablePicture } from '../../src/models/pullable-pack.ts';
import { floats, graphDef, ints, node, placeholder } from '../models/graph/tensorflow/toy-tensorflow.ts';

/** Says which of red, green and blue an 8 × 8 picture has most of. */
export function toyGraph(): Uint8Array {
  const diagonal = [9, 0, 0, 0, 9, 0, 0, 0, 9];
  return toBinary(
    GraphDefSchema,
    graphDef(
      placeholder('input', -1, 8, 8, 3),
      ints('axes', [2], [1, 2]),
      node('pooled', 'Mean', ['input', 'axes']),
      floats('weights', [3, 3], diagonal),
      node('logits', 'MatMul', ['pooled', 'weights']),
      node('final_result', 'Softmax', ['logits']),
    ),
  );
}

export const toyLabels = ['red', 'green', 'blue'];

export const toyFiles: Readonly<Record<string, Uint8Array | string>> = {
  'toy/frozen_graph.pb': toyGraph(),
  'toy/labels.txt': `${toyLabels.join('\n')}\n`,
  'toy/readme.md': 'not asked for',
};

/** A gzipped tar of these files. */
export async function archiveOf(
  files: Readonly<Record<string, Uint8Array | string>>,
  prefix = '',
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-archive-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const paths = Object.keys(files).map((path) => `${prefix}${path}`);
    await createTar(
      { file: join(folder, 'archive'), cwd: folder, gzip: true, portable: true, mtime: new Date(0) },
      paths,
    );
    return new Uint8Array(await readFile(join(folder, 'archive')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function toyPack(address: string, changes: Partial<PullablePicture> = {}): PullablePicture {
  return {
    kind: 'picture',
    name: 'toy',
    licence: 'CC0',
    source: 'this test',
    address,
    graph: { path: 'toy/frozen_graph.pb' },
    labels: [{ path: 'toy/labels.txt' }],
    input: {
      node: 'input',
      width: 8,
      height: 8,
      preparation: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
      resize: 'bilinear',
    },
    bottleneck: { nodes: ['pooled'], size: 3 },
    scores: { node: 'final_result' },
    ...changes,
  };
}
