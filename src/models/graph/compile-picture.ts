/** Compiles the graph of a picture pack to an ONNX file that takes bytes of RGB pixels. */

import { WhosinError } from '../../errors.ts';
import type { PictureRequest } from '../picture-pack.ts';
import { compileOnnxPicture } from './onnx-picture.ts';
import { readGraph } from './read-graph.ts';
import { findOutput } from './tensorflow/graph-names.ts';
import type { TensorFlowGraph } from './tensorflow/tensorflow-graph.ts';
import { type OutputRequest, type WrittenValue, writeTensorFlow } from './tensorflow/write-tensorflow.ts';
import { GraphWriter, type Value } from './writer.ts';

/**
 * Input `pictures`, uint8 [n, height, width, 3]; outputs `bottleneck` [n, size], `scores` [n, labels], or `heat`
 * and `sizes` (see Objects).
 *
 * @param files of the pack, in its order
 * @throws WhosinError `not-found` or `bad-weights` if the pack and its files do not fit together
 */
export async function compilePicture(
  request: PictureRequest,
  files: readonly Uint8Array[],
  file: string,
): Promise<Uint8Array> {
  if (request.format === 'onnx') return compileOnnxPicture(request, files, file);
  const graph = await readGraph(request.format, files, file);
  const { name, width, height } = request;
  const g = new GraphWriter(name);
  const pictures = g.input('pictures', 'uint8', ['n', height, width, 3]);
  const planes = g.node('Transpose', [g.node('Cast', [pictures], { to: 1 })], { perm: [0, 3, 1, 2] });
  for (const output of writePicture(g, request, graph, planes)) {
    g.output(output.name, output.value, output.type, output.shape);
  }
  return g.toBytes();
}

/**
 * Adds the network to a graph.
 *
 * @param planes float [n, 3, height, width], values from 0 to 255, of the size of the request
 */
export function writePicture(
  g: GraphWriter,
  request: PictureRequest,
  graph: TensorFlowGraph,
  planes: Value,
): readonly (WrittenValue & { readonly name: string })[] {
  const { output, nodes, values } = request;
  const pool = output === 'bottleneck' ? { pool: 'mean' as const } : {};
  const wanted = nodes.map((node): OutputRequest => ({ node, ...pool }));
  const written = writeNodes(g, request, graph, planes, wanted);
  if (output === 'objects')
    return written.map((value, i) => ({ ...value, name: i === 0 ? 'heat' : 'sizes' }));
  if (output === 'scores') return [{ ...probabilities(g, request, written[0]!), name: 'scores' }];
  const rows = written.map(({ value }) => value);
  const value = rows.length === 1 ? rows[0]! : g.node('Concat', rows, { axis: 1 });
  return [{ name: 'bottleneck', value, type: 'float32', shape: ['n', values!] }];
}

/** How many values each node of a TensorFlow graph has, averaged over the picture. */
export function layerSizes(request: PictureRequest, graph: TensorFlowGraph): readonly number[] {
  const g = new GraphWriter(request.name);
  const planes = g.input('planes', 'float32', ['n', 3, request.height, request.width]);
  const requests = request.nodes.map((node): OutputRequest => ({ node, pool: 'mean' }));
  return writeNodes(g, request, graph, planes, requests).map(({ shape }) => Number(shape.at(-1)));
}

function writeNodes(
  g: GraphWriter,
  { input, width, height }: PictureRequest,
  graph: TensorFlowGraph,
  planes: Value,
  requests: readonly OutputRequest[],
): readonly WrittenValue[] {
  const { node, preparation } = input;
  const shape = ['n', height, width, 3];
  const ordered =
    preparation.order === 'bgr' ? g.node('Gather', [planes, g.ints([3], [2, 1, 0])], { axis: 1 }) : planes;
  const given = { value: ordered, shape, layout: 'planes' as const, preparation };
  return writeTensorFlow(g, graph, new Map([[findOutput(graph, node).node, given]]), requests);
}

/** Throws `bad-weights` where the network gives another number of values than there are labels. */
function probabilities(
  g: GraphWriter,
  { name, nodes, values: labels, logits }: PictureRequest,
  written: WrittenValue,
): WrittenValue {
  const [, values] = written.shape;
  if (written.shape.length !== 2 || typeof values !== 'number') {
    throw new WhosinError('bad-weights', `${name}: "${nodes[0]}" does not give one value for each label.`);
  }
  if (values !== labels) throw misfit(name, values, labels!);
  return logits ? { ...written, value: g.node('Softmax', [written.value], { axis: 1 }) } : written;
}

/** Counts that should be one. */
export function misfit(name: string, values: number, labels: number): WhosinError {
  return new WhosinError(
    'bad-weights',
    `${name} gives ${values} values, and there are ${labels} labels: give the labels file that belongs to it.`,
  );
}
