/** Reads off an ONNX classifier where pictures go in and what comes out. */

import { WhosinError } from '../../errors.ts';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { elementTypeOf, isPlanes, sizesOf } from './onnx-cut.ts';
import { onnxFamily, ownOnnxPreparation, writtenPreparation } from './onnx-input.ts';
import { isZipMap } from './onnx-labels.ts';
import { type KnownParts, type PictureParts, preparations } from './picture-parts.ts';
import { preparationParts } from './preparation-parts.ts';
import { parseOnnx } from './reader.ts';

const uint8: number = DataType.UINT8;

/** Ops that hand on the values they get. */
const handOn = new Set(['Cast', 'Dropout', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** A classifier's last layer, and what may stand behind it. */
const layers = new Set(['Gemm', 'MatMul']);
const behindLayers = new Set([...handOn, 'Add', 'Sigmoid', 'Softmax']);

/**
 * The bottleneck is what the last Gemm or MatMul reads; sizes of pictures that the graph leaves free are 224.
 * Throws `not-a-model`, or `usage` where it is not one picture in and one list of values out: name them then.
 */
export function onnxParts(
  bytes: Uint8Array,
  file: string,
  known: KnownParts = {},
): PictureParts & { readonly bottleneckSize?: number } {
  const model = parseOnnx(bytes, file);
  const graph = model.graph!;
  const input = chosen(inputsOf(graph), known.input, file, 'input');
  const output =
    known.output === undefined
      ? scoresOf(graph, file)
      : chosen(graph.output, known.output, file, 'output').name;
  const sizes = sizesOf(input);
  if (sizes.length !== 4) {
    throw new WhosinError(
      'usage',
      `${file}: its input "${input.name}" takes no pictures: it has ${sizes.length} sizes, not 4.`,
    );
  }
  const [ownHeight, ownWidth] = isPlanes(input) ? sizes.slice(2) : sizes.slice(1, 3);
  const free = ownHeight === undefined || ownWidth === undefined;
  const usualSide = known.side ?? 224;
  const [height, width] = [ownHeight ?? usualSide, ownWidth ?? usualSide];
  const { grounds, ...prepared } = preparationParts(known, {
    own: elementTypeOf(input) === uint8 ? preparations['0..255'] : ownOnnxPreparation(graph, input.name),
    written: writtenPreparation(model),
    family: onnxFamily(model),
    usual: preparations.imagenet,
  });
  const maker = makers(graph);
  const last = back(maker, output, handOn);
  const bottleneck = known.bottleneck ?? back(maker, output, behindLayers, layers)?.input[0];
  const size = bottleneck === undefined ? undefined : widthOf(graph, bottleneck);
  return {
    input: input.name,
    size: known.size ?? { width, height },
    ...prepared,
    grounds: {
      size: known.size ? 'given' : free ? (known.side ? 'metadata' : 'guess') : 'file',
      ...grounds,
    },
    output,
    logits: !(last && givesProbabilities(last, maker)),
    ...(bottleneck !== undefined && size !== undefined && { bottleneck, bottleneckSize: size }),
  };
}

/** The one output that holds numbers: not the place of the best, nor a table of them by label. */
function scoresOf(graph: GraphProto, file: string): string {
  const maker = makers(graph);
  const scores = graph.output.flatMap((value) => {
    const node = maker.get(value.name);
    if (node?.opType === 'ArgMax' || node?.opType === 'LabelEncoder') return [];
    return [node && isZipMap(node) ? (node.input[0] ?? value.name) : value.name];
  });
  const [only] = new Set(scores);
  return only !== undefined && new Set(scores).size === 1
    ? only
    : chosen(graph.output, undefined, file, 'output').name;
}

/** A softmax may be written out: exponentials through their sum. */
function givesProbabilities({ opType, input }: NodeProto, maker: ReadonlyMap<string, NodeProto>): boolean {
  const [over, under] = input.map((name) => maker.get(name)?.opType);
  return (
    opType === 'Softmax' ||
    opType === 'Sigmoid' ||
    (opType === 'Div' && over === 'Exp' && under === 'ReduceSum')
  );
}

/** Old files list their weights among the inputs. */
function inputsOf({ input, initializer }: GraphProto): readonly ValueInfoProto[] {
  const weights = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !weights.has(name));
}

function chosen(
  values: readonly ValueInfoProto[],
  name: string | undefined,
  file: string,
  what: 'input' | 'output',
): ValueInfoProto {
  const found = name === undefined ? values : values.filter((value) => value.name === name);
  if (found.length === 1) return found[0]!;
  if (values.length === 0) throw new WhosinError('usage', `${file} has no ${what}s.`);
  const there = values.map((value) => `"${value.name}"`).join(', ');
  const problem =
    name === undefined ? `${file} has ${values.length} ${what}s` : `${file} has no ${what} "${name}"`;
  throw new WhosinError('usage', `${problem}: name one with --${what}: ${there}.`);
}

function makers(graph: GraphProto): ReadonlyMap<string, NodeProto> {
  return new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node])));
}

/** The first node before a value that is not one of these ops; nothing if it is not of the kind looked for. */
function back(
  maker: ReadonlyMap<string, NodeProto>,
  value: string,
  through: ReadonlySet<string>,
  until?: ReadonlySet<string>,
): NodeProto | undefined {
  let node = maker.get(value);
  while (node !== undefined && through.has(node.opType)) {
    // An Add reads the layer and a constant, in either order.
    node = node.input
      .map((name) => maker.get(name))
      .find((source) => source !== undefined && source.opType !== 'Constant');
  }
  return node === undefined || until === undefined || until.has(node.opType) ? node : undefined;
}

/** How many values a row of this value has, by the weights that it is multiplied with or by its declaration. */
function widthOf(graph: GraphProto, value: string): number | undefined {
  const weights = new Map(graph.initializer.map(({ name, dims }) => [name, dims]));
  const layer = graph.node.find(({ opType, input }) => layers.has(opType) && input[0] === value);
  const dims = layer && weights.get(layer.input[1]!);
  if (dims?.length === 2) {
    const transposed = layer!.attribute.some(({ name, i }) => name === 'transB' && i === 1n);
    return Number(dims[transposed ? 1 : 0]);
  }
  const declared = graph.valueInfo.find(({ name }) => name === value);
  return declared && sizesOf(declared)[1];
}
