/** A model file that the person has becomes a pack for whole pictures. */

import type { NetworkConfig } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { KnownParts } from '../models/graph/picture-parts.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { openPictureNetwork } from '../runtime/picture-network.ts';
import { foreignPack } from './foreign-pack.ts';
import { type MakePack, writePackFile } from './install-pack.ts';
import { type ModelFile, readModelFile } from './model-file.ts';
import { labelsFor } from './model-labels.ts';

export interface PictureFileOptions {
  /** The path of its labels, if they are not in it or beside it; without any it can be trained on alone. */
  readonly labels?: string | undefined;
  readonly known?: KnownParts | undefined;
}

/** For `addPack`. Nothing is added that does not run: throws with what is wrong with file, labels or graph. */
export function fromPictureFile(
  config: NetworkConfig,
  name: string,
  path: string,
  { labels, known }: PictureFileOptions = {},
): MakePack<'picture'> {
  return async (folder) => {
    const file = await readModelFile(path);
    if (file.kind !== undefined) {
      throw new WhosinError(
        'usage',
        `${path} is a model that whosin trained: it needs no name, give the file itself to -m.`,
      );
    }
    const { side, ...found } = await labelsFor(file, labels);
    const { pack: read } = await foreignPack(file, {
      name,
      bottleneck: true,
      labels: found.labels,
      side,
      known,
    });
    if (!read.scores && !read.bottleneck) {
      throw new WhosinError(
        'usage',
        `${path} has no labels and no layer that could be trained on: give --labels or --bottleneck.`,
      );
    }
    const files = await Promise.all(contentsOf(file).map(([to, bytes]) => writePackFile(folder, to, bytes)));
    const pack = { ...read, graph: { ...read.graph, files } };
    await tryOut(pack, config);
    return pack;
  };
}

const packFiles = {
  onnx: 'graph.onnx',
  tensorflow: 'graph.pb',
  'keras-hdf5': 'model.h5',
  keras: 'model.keras',
  'saved-model': 'saved_model.pb',
  tflite: 'model.tflite',
} as const;

/** Under the same names for all: what the person's file is called may be anything, `pack.json` too. */
function contentsOf({ format, bytes, weights }: ModelFile): readonly (readonly [string, Uint8Array])[] {
  if (format !== 'tensorflow-js') {
    return [[packFiles[format], bytes], ...weights.map((own) => [own.path, own.bytes] as const)];
  }
  return [
    ['model.json', bytes],
    ['weights.bin', Buffer.concat(weights.map((shard) => shard.bytes))],
  ];
}

/** Runs every part once on a grey picture. */
async function tryOut(pack: PicturePack, config: NetworkConfig): Promise<void> {
  const { width, height } = pack.input;
  const grey = { width, height, data: new Uint8Array(width * height * 3).fill(128) };
  for (const output of ['scores', 'bottleneck'] as const) {
    const wanted = output === 'scores' ? pack.scores?.labels.length : pack.bottleneck?.size;
    if (wanted === undefined) continue;
    const network = await openPictureNetwork(pack, output, config);
    try {
      const { [output]: value } = await network.run(grey);
      if (value!.data.length !== wanted) {
        const what = output === 'scores' ? 'labels' : 'values of its bottleneck';
        throw new WhosinError(
          'bad-weights',
          `${pack.name} gives ${value!.data.length} values, not the ${wanted} ${what}.`,
        );
      }
      if (value!.data.some((number) => !Number.isFinite(number))) {
        throw new WhosinError('bad-weights', `${pack.name} gives values that are no numbers.`);
      }
    } finally {
      await network.close();
    }
  }
}
