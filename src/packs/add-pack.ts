/** Adds a model file that the person has to the models that are known by name. */

import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { KnownParts } from '../models/graph/picture-parts.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { openPictureNetwork } from '../runtime/picture-network.ts';
import { foreignPack, readLabelsFile, readModelFile } from './foreign-model.ts';
import {
  builtInPacks,
  checkPackName,
  findPack,
  installPack,
  withPackLock,
  writePackFile,
} from './pack-store.ts';

export interface AddOptions {
  /** The path of its labels; without them it can be trained on, but says nothing by itself. */
  readonly labels?: string;
  readonly known?: KnownParts;
}

/** Nothing is added that does not run. Throws WhosinError with what is wrong with name, file, labels or graph. */
export async function addPack(
  config: Config,
  name: string,
  path: string,
  { labels, known }: AddOptions = {},
): Promise<PicturePack> {
  checkPackName(name);
  if (builtInPacks.some((pack) => pack.name === name)) {
    throw new WhosinError('usage', `${name} comes with whosin: give the model another name.`);
  }
  const file = await readModelFile(path);
  if (file.kind !== undefined) {
    throw new WhosinError(
      'usage',
      `${path} is a model that whosin trained: it needs no name, give the file itself to -m.`,
    );
  }
  const labelNames = labels === undefined ? undefined : await readLabelsFile(labels);
  const pack = foreignPack(file, {
    name,
    bottleneck: true,
    ...(labelNames && { labels: labelNames }),
    ...(known && { known }),
  });
  if (!pack.scores && !pack.bottleneck) {
    throw new WhosinError(
      'usage',
      `${path} has no labels and no layer that could be trained on: give --labels or --bottleneck.`,
    );
  }
  return withPackLock(
    config.packs,
    name,
    () => {},
    async () => {
      if (await findPack(config.packs, name)) {
        throw new WhosinError(
          'usage',
          `There is a model "${name}" already: remove it first (whosin models remove ${name}).`,
        );
      }
      return installPack(config.packs, name, async (folder) => {
        const names = fileNames[file.format];
        const files = await Promise.all(
          file.contents.map((bytes, i) => writePackFile(folder, names[i]!, bytes)),
        );
        const copied = {
          ...pack,
          graph: { format: pack.graph.format, files } as unknown as PicturePack['graph'],
        };
        await tryOut(copied, config);
        return copied;
      });
    },
  );
}

/** The same for all: what the person's file is called may be anything, `pack.json` too. */
const fileNames = {
  tensorflow: ['graph.pb'],
  'tensorflow-js': ['model.json', 'weights.bin'],
  onnx: ['graph.onnx'],
} as const;

/** Runs every part once on a grey picture. */
async function tryOut(pack: PicturePack, config: Config): Promise<void> {
  const { width, height } = pack.input;
  const grey = { width, height, data: new Uint8Array(width * height * 3).fill(128) };
  for (const output of ['scores', 'bottleneck'] as const) {
    if (pack[output] === undefined) continue;
    const network = await openPictureNetwork(pack, output, config);
    try {
      const { [output]: value } = await network.run(grey);
      const wanted = output === 'scores' ? pack.scores!.labels.length : pack.bottleneck!.size;
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
