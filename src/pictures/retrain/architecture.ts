/** The networks that retrain.py knows by name, and where it keeps their files. */

import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { reasonOf, WhosinError } from '../../errors.ts';
import type { PicturePack } from '../../models/picture-pack.ts';
import { readPlainFile } from '../../runtime/plain-file.ts';

/** The facts that retrain.py has about a network (`create_model_info`, TensorFlow 1.2 to 1.8). */
export interface Architecture {
  /** As `whosin models` calls it. */
  readonly pack: string;
  /** How to come by the file. */
  readonly remedy: string;
  /** Places of the graph in `--model_dir`: the first one that is there counts. */
  readonly files: readonly string[];
  readonly input: {
    readonly node: string;
    readonly side: number;
    readonly mean: number;
    readonly deviation: number;
  };
  readonly bottleneck: { readonly node: string; readonly size: number };
}

/** The network with the bytes of its graph, which the retrained graph is written from. */
export interface RetrainableNetwork {
  readonly pack: PicturePack;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The node of the bottleneck, and how many values it has. */
  readonly bottleneck: Architecture['bottleneck'];
}

const inceptionV3: Architecture = {
  pack: 'inception-v3',
  remedy: 'fetch it (whosin models pull inception-v3)',
  files: ['classify_image_graph_def.pb'],
  input: { node: 'Mul', side: 299, mean: 128, deviation: 128 },
  bottleneck: { node: 'pool_3/_reshape', size: 2048 },
};

/** @param name of `--architecture`; throws `usage` where retrain.py has no such network */
export function parseArchitecture(name: string): Architecture {
  const lower = name.toLowerCase();
  if (lower === 'inception_v3') return inceptionV3;
  const found = /^(mobilenet_(1\.0|0\.75|0\.50|0\.25)_(224|192|160|128))(_quantized)?$/.exec(lower);
  if (found === null) {
    throw new WhosinError(
      'usage',
      `There is no architecture "${name}": give inception_v3 or mobilenet_<1.0|0.75|0.50|0.25>_<224|192|160|128>[_quantized].`,
    );
  }
  const [, pack, width, side, quantised] = found;
  const folder = `mobilenet_v1_${width}_${side}`;
  return {
    pack: pack!,
    remedy: quantised
      ? `unpack ${folder}_frozen.tgz of TensorFlow, which has it`
      : `fetch it (whosin models pull ${pack})`,
    // From TensorFlow 1.7 on the archive has one file, with the network's name in it.
    files: quantised
      ? [`${folder}/quantized_graph.pb`]
      : [`${folder}/frozen_graph.pb`, `${folder}/${folder}_frozen.pb`, `${folder}_frozen.pb`],
    input: { node: 'input', side: Number(side), mean: 127.5, deviation: 127.5 },
    bottleneck: { node: 'MobilenetV1/Predictions/Reshape', size: 1001 },
  };
}

/**
 * @param modelDir the folder of retrain.py, looked into first
 * @param packs the folder of models that were pulled
 * @throws WhosinError `not-found` with the places that were looked at
 */
export async function findNetwork(
  name: string,
  modelDir: string,
  packs: string,
): Promise<RetrainableNetwork> {
  const architecture = parseArchitecture(name);
  const pulled = join(packs, architecture.pack);
  const places = [
    ...architecture.files.map((file) => join(modelDir, file)),
    ...architecture.files.map((file) => join(pulled, file)),
    // A graph that was added under the network's name is that network as well.
    ...(/_quantized$/i.test(name) ? [] : [join(pulled, 'graph.pb')]),
  ];
  for (const path of places) {
    const bytes = await readPlainFile(path).catch((error: unknown) => {
      if (isAbsent(error)) return;
      throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}.`, { cause: error });
    });
    if (bytes)
      return { pack: packOf(architecture, path, bytes), path, bytes, bottleneck: architecture.bottleneck };
  }
  throw new WhosinError(
    'not-found',
    `The network of ${name} is not here: there is no ${places[0]!}. ` +
      `Name the folder that holds ${architecture.files[0]!} (--model_dir), or ${architecture.remedy}.`,
  );
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function packOf({ pack, input, bottleneck }: Architecture, path: string, bytes: Uint8Array): PicturePack {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    kind: 'picture',
    name: pack,
    licence: 'Apache-2.0',
    source: path,
    graph: { format: 'tensorflow', files: [{ folder: dirname(path), path: basename(path), sha256 }] },
    input: {
      node: input.node,
      width: input.side,
      height: input.side,
      preparation: { mean: [input.mean, input.mean, input.mean], scale: 1 / input.deviation },
      resize: 'bilinear',
    },
    bottleneck: { nodes: [bottleneck.node], size: bottleneck.size },
  };
}
