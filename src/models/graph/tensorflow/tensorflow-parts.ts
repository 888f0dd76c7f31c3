/** Reads off a TensorFlow graph where pictures go in and what comes out. */

import { WhosinError } from '../../../errors.ts';
import { familyOf } from '../families.ts';
import { type Ground, type KnownParts, type PictureParts, preparations } from '../picture-parts.ts';
import { preparationParts } from '../preparation-parts.ts';
import { finalNodes, findOutput, nodesInOrder } from './graph-names.ts';
import { numbersOf, shapeOf, tensorOf } from './node-attributes.ts';
import { ownPreparation } from './own-preparation.ts';
import type { GraphNode, TensorFlowGraph } from './tensorflow-graph.ts';

const handOn = new Set([
  'CheckNumerics',
  'FakeQuantWithMinMaxVars',
  'Identity',
  'InBytes',
  'PlaceholderWithDefault',
  'Reshape',
  'Squeeze',
]);
const behindLayers = new Set([...handOn, 'Add', 'AddV2', 'BiasAdd', 'Sigmoid', 'Softmax']);

/** The nodes that retrain.py puts its own layer on: Inception v3 of 2015, and the MobileNets of 2017. */
const bottlenecks = ['pool_3/_reshape', 'MobilenetV1/Predictions/Reshape'];

/** Throws `usage` where the graph does not say enough: what to name, and what there is to name. */
export function tensorFlowParts(graph: TensorFlowGraph, known: KnownParts = {}): PictureParts {
  const output = known.output ?? outputOf(graph);
  const scores = graph.nodes.get(findOutput(graph, output).node)!;
  const last = back(graph, scores, handOn);
  const layer = back(graph, scores, behindLayers);
  const bottleneck =
    known.bottleneck ?? bottlenecks.find((name) => graph.nodes.has(name)) ?? trunkOf(graph, layer);
  return {
    ...inputOf(graph, scores.name, known),
    output,
    logits: last?.op !== 'Softmax' && last?.op !== 'Sigmoid',
    ...(bottleneck !== undefined && { bottleneck }),
  };
}

/** retrain.py's name, or the one value that nobody reads, or the one of those that is made by a softmax. */
function outputOf(graph: TensorFlowGraph): string {
  const final = finalNodes(graph).map((name) => graph.nodes.get(name)!);
  if (graph.nodes.has('final_result')) return 'final_result';
  const softmaxes = final.filter((node) => back(graph, node, handOn)?.op === 'Softmax');
  const found = softmaxes.length === 1 ? softmaxes : final;
  if (found.length === 1) return found[0]!.name;
  const names = final.slice(0, 10).map(({ name }) => `"${name}"`);
  throw new WhosinError(
    'usage',
    `${graph.file}: name the node that gives the scores with --output; none reads ${names.join(', ')}.`,
  );
}

/** Ops that may stand between the value of a trunk and the layer that gives the scores. */
const headOps = new Set([...behindLayers, 'AvgPool', 'Conv2D', 'MatMul', 'Relu', 'Relu6']);

/**
 * The mean over the picture that a head with layers of its own was put on; what the last layer reads where there is none.
 */
function trunkOf(graph: TensorFlowGraph, layer: GraphNode | undefined): string | undefined {
  if (layer?.op !== 'MatMul' && layer?.op !== 'Conv2D') return undefined;
  const before = graph.nodes.get(layer.inputs[0]?.node ?? '');
  const pooled = before && back(graph, before, headOps);
  // A last layer that reads the mean itself reads it under whichever name.
  const isDirect = before !== undefined && back(graph, before, handOn) === pooled && layer.op === 'MatMul';
  return pooled?.op === 'Mean' && !isDirect ? pooled.name : before?.name;
}

type Input = Pick<PictureParts, 'input' | 'size' | 'preparation' | 'crop' | 'grounds'>;

function inputOf(graph: TensorFlowGraph, output: string, known: KnownParts): Input {
  const read = nodesInOrder(graph, [output], (name) => name === known.input);
  const resize = read.find(({ op, name }) => op === 'ResizeBilinear' && name !== known.input);
  // Inception v3 of 2015 decodes and scales photos itself: pictures go in behind that, and are prepared there.
  if (known.input === undefined && resize !== undefined && read.some(({ op }) => op.startsWith('Decode'))) {
    const [height = 0, width = 0] = constantOf(graph, resize.inputs[1]?.node);
    return {
      input: resize.name,
      size: known.size ?? { width, height },
      preparation: known.preparation ?? preparations['0..255'],
      grounds: { size: known.size ? 'given' : 'file', range: known.preparation ? 'given' : 'file' },
    };
  }
  const placeholders = read.filter(({ op }) => op === 'Placeholder');
  const name = known.input ?? (placeholders.length === 1 ? placeholders[0]!.name : undefined);
  if (name === undefined) {
    const names = placeholders.map((node) => `"${node.name}"`).join(', ');
    throw new WhosinError(
      'usage',
      `${graph.file}: name the node that takes pictures with --input${names && `: ${names}`}.`,
    );
  }
  const node = graph.nodes.get(findOutput(graph, name).node)!;
  const { grounds, ...prepared } = preparationParts(known, {
    own: node.name === 'Mul' ? ofInception : (graph.takes ?? ownPreparation(graph, node.name)),
    family: familyOf(graph.nodes.keys()),
    usual: preparations['-1..1'],
  });
  const size = sizeOf(graph, node, known);
  return { input: name, size: size.is, ...prepared, grounds: { size: size.ground, ...grounds } };
}

/** retrain.py from 1.4 on feeds Inception v3 behind its own preparation, as this. */
const ofInception = { mean: [128, 128, 128], scale: 1 / 128 } as const;

interface KnownSize {
  readonly is: PictureParts['size'];
  readonly ground: Ground;
}

function sizeOf(graph: TensorFlowGraph, node: GraphNode, known: KnownParts): KnownSize {
  if (known.size) return { is: known.size, ground: 'given' };
  const own = declaredSize(graph, node);
  if (own) return { is: own, ground: 'file' };
  if (known.side) return { is: { width: known.side, height: known.side }, ground: 'metadata' };
  throw new WhosinError(
    'usage',
    `${graph.file} does not store the size of its pictures: give it with --size, such as 224x224.`,
  );
}

function declaredSize(graph: TensorFlowGraph, node: GraphNode): PictureParts['size'] | undefined {
  const [, height = -1, width = -1] = shapeOf(node) ?? [];
  if (height > 0 && width > 0) return { width, height };
  if (node.name === 'Mul' && graph.nodes.has('pool_3/_reshape')) return { width: 299, height: 299 };
  // The last layer of a MobileNet is pooled over what is left of the picture: a 32nd of its sides.
  const pool = graph.nodes.get('MobilenetV1/Logits/AvgPool_1a/AvgPool');
  const [, rows, columns] = pool ? numbersOf(pool, 'ksize') : [];
  return rows && columns ? { width: columns * 32, height: rows * 32 } : undefined;
}

function constantOf(graph: TensorFlowGraph, name = ''): readonly number[] {
  const tensor = tensorOf(graph.nodes.get(name));
  if (tensor === undefined || tensor.type === 'text') {
    throw new WhosinError(
      'usage',
      `${graph.file} scales its pictures to a size that it computes: give it with --size.`,
    );
  }
  return Array.from(tensor.data.subarray(0, 2));
}

/** The first node behind which only these ops stand. */
function back(graph: TensorFlowGraph, node: GraphNode, through: ReadonlySet<string>): GraphNode | undefined {
  let found: GraphNode | undefined = node;
  while (found !== undefined && through.has(found.op)) found = graph.nodes.get(found.inputs[0]?.node ?? '');
  return found;
}
