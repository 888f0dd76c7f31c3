/** A network for whole pictures as plain data: its input and its outputs. */

import type { SpaceId } from '../core/embedding.ts';
import type { Size } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import type { Grounds } from './graph/picture-parts.ts';
import type { Preparation } from './graph/tensorflow/preparation.ts';
import type { WeightFile } from './weight-file.ts';

export interface PicturePack {
  readonly kind: 'picture';
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  readonly graph: PictureGraph;
  readonly input: PictureInput;
  /** The layer that a head of one's own is put on; nothing if the graph has none that is known. */
  readonly bottleneck?: Bottleneck;
  /** The network's own answer for a picture. */
  readonly scores?: Scores;
  /** Set if the network finds several things in one picture. */
  readonly objects?: Objects;
  /** How the facts about a file are known that came without a manual. */
  readonly grounds?: Grounds;
}

/** `tensorflow-js` is both kinds of `model.json`: graphs, and layers of Keras. */
export const pictureFormats = [
  'tensorflow',
  'tensorflow-js',
  'saved-model',
  'keras',
  'keras-hdf5',
  'tflite',
  'onnx',
] as const;

export interface PictureGraph {
  readonly format: (typeof pictureFormats)[number];
  /** The graph; behind it those of its weights, where they have files of their own. */
  readonly files: readonly WeightFile[];
}

export interface PictureInput {
  /** The node of the graph that takes the picture: [n, height, width, 3], in ONNX also [n, 3, height, width]. */
  readonly node: string;
  /** In pixels: the whole picture is stretched to it. */
  readonly width: number;
  readonly height: number;
  readonly preparation: Preparation;
  /**
   * How pictures get to that size: `bilinear` as TensorFlow 1 does it (core/bilinear-resize.ts), for networks
   * that were trained or measured so; `lanczos`, which skips no pixel, for the others.
   */
  readonly resize: 'bilinear' | 'lanczos';
  /** The network sees the largest part of the photo with its own proportions, from the middle; all of it otherwise. */
  readonly crop?: 'centre';
}

/**
 * The size that photos may be decoded at for the network's input. TensorFlow's resize skips pixels of the whole photo
 * and would skip others of a smaller one, and a part is cut out of the photo with its own proportions: there is none then.
 */
export function decodingSize({ input }: Pick<PicturePack, 'input'>): Size | undefined {
  const takesWhole = input.resize === 'bilinear' || input.crop !== undefined;
  return takesWhole ? undefined : { width: input.width, height: input.height };
}

export interface Bottleneck {
  /** Joined in this order; a layer with a height and a width is averaged over them. */
  readonly nodes: readonly string[];
  /** Values of all of them together. */
  readonly size: number;
}

/** Probabilities of the labels, [n, labels]. They add up to 1, unless the network was trained to give several. */
export interface Scores {
  readonly node: string;
  /** The node gives logits: a softmax is put behind it. */
  readonly logits?: true;
  /** In the order of the values; the first of TensorFlow's ImageNet lists means "none of them". */
  readonly labels: readonly string[];
}

/**
 * Objects as points (Zhou et al. 2019, arXiv:1904.07850): a map of heat for each label, whose peaks are the
 * middles of things, and their sizes.
 */
export interface Objects {
  /**
   * In pixels; another size than that of the whole picture's input, because small things need more of them. The
   * picture keeps its proportions: it lies in the top left corner, on black.
   */
  readonly width: number;
  readonly height: number;
  /** [n, rows, columns, labels], probabilities */
  readonly heat: string;
  /** [n, rows, columns, 4] */
  readonly sizes: string;
  readonly labels: readonly string[];
}

/** The uses of a network: each is a graph of its own, without what it does not need. */
export type PictureOutput = 'bottleneck' | 'scores' | 'objects';

/** One of the graphs of a pack, by all that it follows from besides its files. */
export interface PictureRequest extends Size {
  /** The name of the pack, for messages. */
  readonly name: string;
  readonly format: PictureGraph['format'];
  readonly input: Pick<PictureInput, 'node' | 'preparation'>;
  readonly output: PictureOutput;
  /** Those of the bottleneck, the one of the scores, or the heat and the sizes of objects. */
  readonly nodes: readonly string[];
  /** How many values the bottleneck has, or how many labels there are. */
  readonly values?: number;
  /** The scores are logits. */
  readonly logits?: true;
}

/** In pixels; throws `not-found` where the pack has no such output. */
export function inputSize(pack: PicturePack, output: PictureOutput): Size {
  const { width, height } = output === 'objects' ? (pack.objects ?? lacks(pack, output)) : pack.input;
  return { width, height };
}

/** Throws `not-found` where the pack has no such output. */
export function pictureRequest(pack: PicturePack, output: PictureOutput): PictureRequest {
  const { name, bottleneck, scores, objects } = pack;
  const { node, preparation } = pack.input;
  const about = {
    name,
    format: pack.graph.format,
    ...inputSize(pack, output),
    input: { node, preparation },
    output,
  };
  if (output === 'bottleneck') {
    const { nodes, size } = bottleneck ?? lacks(pack, output);
    return { ...about, nodes, values: size };
  }
  if (output === 'scores') {
    const { node: scored, labels, logits } = scores ?? lacks(pack, output);
    return { ...about, nodes: [scored], values: labels.length, ...(logits && { logits }) };
  }
  const { heat, sizes } = objects ?? lacks(pack, output);
  return { ...about, nodes: [heat, sizes] };
}

function lacks({ name }: PicturePack, output: PictureOutput): never {
  const what = {
    bottleneck: 'no layer that a head of your own could be put on',
    scores: 'no labels of its own for whole pictures',
    objects: 'no way to find several things in a picture',
  }[output];
  throw new WhosinError('not-found', `The model ${name} has ${what}: choose another (whosin models list).`);
}

/** Counts changes to the way from photo to bottleneck that the pack's own data does not show, by how photos shrink. */
const recipeVersions = { bilinear: 1, lanczos: 2 } as const;

/** The space of a pack's bottlenecks: by the weights and the layer, so a pack of the same name is told apart. */
export function bottleneckSpace({ name, graph, bottleneck, input }: PicturePack): SpaceId {
  const weights = graph.files.at(-1)!.sha256.slice(0, 12);
  const layer = (bottleneck?.nodes ?? []).join('+').replaceAll(/[^a-z0-9]+/gi, '-');
  const crop = input.crop ? `/${input.crop}` : '';
  return `${name}/${weights}/${layer}/${input.width}x${input.height}/${recipeVersions[input.resize]}${crop}`;
}
