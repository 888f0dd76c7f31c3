/** Compiles the graph of a picture pack to an ONNX file that takes bytes of RGB pixels. */

import { WhosinError } from '../../errors.ts';
import { inputSize, type PictureOutput, type PicturePack } from '../picture-pack.ts';
import { compileOnnxPicture } from './onnx-picture.ts';
import { findOutput } from './tensorflow/graph-names.ts';
import { readGraphDef, type TensorFlowGraph } from './tensorflow/tensorflow-graph.ts';
import { readTfjsGraph } from './tensorflow/tfjs-graph.ts';
import { type OutputRequest, type WrittenValue, writeTensorFlow } from './tensorflow/write-tensorflow.ts';
import { GraphWriter, type Value } from './writer.ts';

/**
 * Input `pictures`, uint8 [n, height, width, 3]; outputs `bottleneck` [n, size], `scores` [n, labels], or `heat`
 * and `sizes` (see Objects).
 *
 * @param files the bytes of the pack's files, in its order
 * @throws WhosinError `not-found` or `bad-weights` where the pack and its files do not fit together
 */
export function compilePicture(
  pack: PicturePack,
  files: readonly Uint8Array[],
  output: PictureOutput,
): Uint8Array {
  const { width, height } = inputSize(pack, output);
  if (pack.graph.format === 'onnx') return compileOnnxPicture(pack, files[0]!, output);
  const g = new GraphWriter(pack.name);
  const pictures = g.input('pictures', 'uint8', ['n', height, width, 3]);
  const planes = g.node('Transpose', [g.node('Cast', [pictures], { to: 1 })], { perm: [0, 3, 1, 2] });
  for (const { name, value, type, shape } of writePicture(g, pack, files, output, planes)) {
    g.output(name, value, type, shape);
  }
  return g.toBytes();
}

/**
 * Adds the network to a graph.
 *
 * @param planes float [n, 3, height, width], values from 0 to 255, of the output's `inputSize`
 */
export function writePicture(
  g: GraphWriter,
  pack: PicturePack,
  files: readonly Uint8Array[],
  output: PictureOutput,
  planes: Value,
): readonly (WrittenValue & { readonly name: string })[] {
  const { width, height } = inputSize(pack, output);
  const written = (requests: readonly OutputRequest[]): readonly WrittenValue[] =>
    writeNodes(g, pack, files, planes, { width, height }, requests);
  if (output === 'bottleneck') {
    const { nodes, size } = pack.bottleneck!;
    const rows = written(nodes.map((node) => ({ node, pool: 'mean' }))).map((layer) => layer.value);
    const value = rows.length === 1 ? rows[0]! : g.node('Concat', rows, { axis: 1 });
    return [{ name: 'bottleneck', value, type: 'float32', shape: ['n', size] }];
  }
  if (output === 'scores') {
    return [{ ...probabilities(g, pack, written([{ node: pack.scores!.node }])[0]!), name: 'scores' }];
  }
  const [heat, sizes] = written([{ node: pack.objects!.heat }, { node: pack.objects!.sizes }]);
  return [
    { ...heat!, name: 'heat' },
    { ...sizes!, name: 'sizes' },
  ];
}

function writeNodes(
  g: GraphWriter,
  pack: PicturePack,
  files: readonly Uint8Array[],
  planes: Value,
  { width, height }: { readonly width: number; readonly height: number },
  requests: readonly OutputRequest[],
): readonly WrittenValue[] {
  const graph = readGraph(pack, files);
  const { node, preparation } = pack.input;
  const shape = ['n', height, width, 3];
  const given = { value: planes, shape, layout: 'planes' as const, preparation };
  return writeTensorFlow(g, graph, new Map([[findOutput(graph, node).node, given]]), requests);
}

/** How many values these layers of a TensorFlow graph have together, averaged over the picture. */
export function layerSizes(
  pack: PicturePack,
  files: readonly Uint8Array[],
  nodes: readonly string[],
): number {
  const g = new GraphWriter(pack.name);
  const { width, height } = pack.input;
  const planes = g.input('planes', 'float32', ['n', 3, height, width]);
  const requests = nodes.map((node): OutputRequest => ({ node, pool: 'mean' }));
  const layers = writeNodes(g, pack, files, planes, { width, height }, requests);
  return layers.reduce((sum, { shape }) => sum + Number(shape.at(-1)), 0);
}

/** Throws `bad-weights` where the network gives another number of values than there are labels. */
function probabilities(g: GraphWriter, pack: PicturePack, written: WrittenValue): WrittenValue {
  const { node, labels, logits } = pack.scores!;
  const [, values] = written.shape;
  if (written.shape.length !== 2 || typeof values !== 'number') {
    throw new WhosinError('bad-weights', `${pack.name}: "${node}" does not give one value for each label.`);
  }
  if (values !== labels.length) throw misfit(pack.name, values, labels.length);
  return logits ? { ...written, value: g.node('Softmax', [written.value], { axis: 1 }) } : written;
}

/** Counts that should be one. */
export function misfit(name: string, values: number, labels: number): WhosinError {
  return new WhosinError(
    'bad-weights',
    `${name} gives ${values} values, and there are ${labels} labels: give the labels file that belongs to it.`,
  );
}

function readGraph({ name, graph }: PicturePack, files: readonly Uint8Array[]): TensorFlowGraph {
  if (graph.format === 'tensorflow') return readGraphDef(files[0]!, graph.files[0].path);
  if (graph.format === 'tensorflow-js') {
    return readTfjsGraph(new TextDecoder().decode(files[0]), files[1]!, name);
  }
  throw new WhosinError('bad-weights', `${name} is an ONNX graph: it cannot be made part of another.`);
}
