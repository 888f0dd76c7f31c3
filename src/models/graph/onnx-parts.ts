/** Reads off an ONNX classifier where pictures go in and what comes out. */

import { WhosinError } from '../../errors.ts';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { elementTypeOf, isPlanes, sizesOf } from './onnx-cut.ts';
import { type KnownParts, type PictureParts, preparations } from './picture-parts.ts';
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
  const graph = parseOnnx(bytes, file).graph!;
  const input = chosen(inputsOf(graph), known.input, file, 'input');
  const output = chosen(graph.output, known.output, file, 'output');
  const sizes = sizesOf(input);
  if (sizes.length !== 4) {
    throw new WhosinError(
      'usage',
      `${file}: its input "${input.name}" takes no pictures: it has ${sizes.length} sizes, not 4.`,
    );
  }
  const [height = 224, width = 224] = isPlanes(input) ? sizes.slice(2) : sizes.slice(1, 3);
  const usual = elementTypeOf(input) === uint8 ? preparations['0..255'] : preparations.imagenet;
  const maker = makers(graph);
  const last = back(maker, output.name, handOn);
  const bottleneck = known.bottleneck ?? back(maker, output.name, behindLayers, layers)?.input[0];
  const size = bottleneck === undefined ? undefined : widthOf(graph, bottleneck);
  return {
    input: input.name,
    size: known.size ?? { width, height },
    preparation: known.preparation ?? usual,
    output: output.name,
    logits: last?.opType !== 'Softmax' && last?.opType !== 'Sigmoid',
    ...(bottleneck !== undefined && size !== undefined && { bottleneck, bottleneckSize: size }),
  };
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
