/**
 * Makes any ONNX classifier take bytes of RGB pixels like every other network here: the preparation is put
 * before its graph, the graph is cut at what is asked for, and a softmax put behind it where it ends in logits.
 * Only ops are added that all opsets since 7 write alike.
 */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { WhosinError } from '../../errors.ts';
import type { PictureOutput, PicturePack } from '../picture-pack.ts';
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { parseOnnx } from './reader.ts';
import { channelScales } from './tensorflow/write-tensorflow.ts';
import { valueInfo } from './writer.ts';

/** Opset 7 of 2017 brought the broadcasting that everything since relies on. */
const oldestOpset = 7n;

/** As `compilePicture` says; throws `not-a-model`, `not-found` or `bad-weights`. */
export function compileOnnxPicture(pack: PicturePack, bytes: Uint8Array, output: PictureOutput): Uint8Array {
  const file = pack.graph.files[0].path;
  const model = parseOnnx(bytes, file);
  const graph = model.graph!;
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
  if (opset < oldestOpset) {
    throw new WhosinError(
      'bad-weights',
      `${file} is written in opset ${opset} of 2017 or before: convert it.`,
    );
  }
  const input = graph.input.find(({ name }) => name === pack.input.node);
  if (input === undefined) throw missing(file, 'input', pack.input.node, graph.input);
  const wanted = output === 'bottleneck' ? pack.bottleneck!.nodes : [pack.scores!.node];
  for (const name of wanted) {
    if (!graph.node.some((node) => node.output.includes(name))) {
      throw missing(file, 'value', name, graph.output);
    }
  }
  const needed = nodesFor(graph, wanted);
  // The names of the contract must not meet the same names in the graph.
  const theirs = (name: string): string => (name === '' ? '' : `model/${name}`);
  rename(graph, theirs);
  const g = new Added();
  const pictures = prepare(g, pack, input);
  const before = [...g.nodes];
  g.nodes.length = 0;
  const tail = output === 'bottleneck' ? pooled(g, wanted.map(theirs)) : scored(g, pack, theirs(wanted[0]!));
  g.node('Identity', [tail], {}, output);
  const size = output === 'bottleneck' ? pack.bottleneck!.size : pack.scores!.labels.length;
  graph.node = [...before, ...needed, ...g.nodes];
  graph.initializer.push(...g.constants);
  graph.input = [pictures, ...graph.input.filter((value) => value !== input)];
  graph.output = [valueInfo(output, 'float32', ['n', size])];
  graph.valueInfo = [];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
}

/** The layout of an ONNX input: channels before or behind height and width. */
export function isPlanes(input: ValueInfoProto): boolean {
  const sizes = sizesOf(input);
  return sizes[1] === 3 || sizes[3] !== 3;
}

/** The sizes of a value, nothing for a free one. */
export function sizesOf({ type }: ValueInfoProto): readonly (number | undefined)[] {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  return (tensor?.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined,
  );
}

export function elementTypeOf({ type }: ValueInfoProto): number {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : DataType.UNDEFINED;
}

/** From bytes to what the graph wants under its input's name; returns the input that takes its place. */
function prepare(
  g: Added,
  { input: { width, height, preparation } }: PicturePack,
  input: ValueInfoProto,
): ValueInfoProto {
  const planes = isPlanes(input);
  const channels = planes ? [1, 3, 1, 1] : [1, 1, 1, 3];
  let value = g.node('Cast', ['pictures'], { to: DataType.FLOAT });
  if (planes) value = g.node('Transpose', [value], { perm: [0, 3, 1, 2] });
  value = g.node('Sub', [value, g.floats(channels, preparation.mean)]);
  value = g.node('Mul', [value, g.floats(channels, channelScales(preparation))]);
  g.node('Cast', [value], { to: elementTypeOf(input) }, input.name);
  return valueInfo('pictures', 'uint8', [sizesOf(input)[0] ?? 'n', height, width, 3]);
}

/** [n, channels, …] becomes the mean of each channel, [n, channels]. */
function pooled(g: Added, names: readonly string[]): string {
  const rows = names.map((name) => {
    const floats = g.node('Cast', [name], { to: DataType.FLOAT });
    const flat = g.node('Reshape', [floats, g.ints([0, 0, -1])]);
    return g.node('Flatten', [g.node('GlobalAveragePool', [flat])], { axis: 1 });
  });
  return rows.length === 1 ? rows[0]! : g.node('Concat', rows, { axis: 1 });
}

function scored(g: Added, { scores }: PicturePack, name: string): string {
  const flat = g.node('Flatten', [g.node('Cast', [name], { to: DataType.FLOAT })], { axis: 1 });
  return scores!.logits ? g.node('Softmax', [flat], { axis: 1 }) : flat;
}

/** Nodes that are added to the graph, and their constants. */
class Added {
  readonly nodes: NodeProto[] = [];
  readonly constants: TensorProto[] = [];
  #count = 0;

  node(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
    output = `whosin/${opType}_${this.#count++}`,
  ): string {
    const attribute = Object.entries(attributes).map(
      ([name, value]): MessageInitShape<typeof AttributeProtoSchema> =>
        typeof value === 'number'
          ? { name, type: AttributeType.INT, i: BigInt(value) }
          : { name, type: AttributeType.INTS, ints: value.map(BigInt) },
    );
    this.nodes.push(
      create(NodeProtoSchema, {
        opType,
        input: [...input],
        output: [output],
        attribute,
        name: `whosin/${output}`,
      }),
    );
    return output;
  }

  floats(dims: readonly number[], values: readonly number[]): string {
    return this.#constant(DataType.FLOAT, dims, Float32Array.from(values));
  }

  ints(values: readonly number[]): string {
    return this.#constant(DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));
  }

  #constant(dataType: DataType, dims: readonly number[], data: Float32Array | BigInt64Array): string {
    const name = `whosin/constant_${this.#count++}`;
    const rawData = new Uint8Array(data.buffer);
    this.constants.push(create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
    return name;
  }
}

/** Renames every value of a graph, and of the graphs inside its nodes. */
function rename(graph: GraphProto, to: (name: string) => string): void {
  for (const named of [...graph.initializer, ...graph.input, ...graph.output]) named.name = to(named.name);
  for (const node of graph.node) {
    node.input = node.input.map(to);
    node.output = node.output.map(to);
    for (const inner of graphsIn(node)) rename(inner, to);
  }
}

/** The nodes that these values need, in the order of the file; ONNX wants them sorted already. */
function nodesFor(graph: GraphProto, values: readonly string[]): readonly NodeProto[] {
  const wanted = new Set(values);
  const needed: NodeProto[] = [];
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    needed.push(node);
    for (const name of valuesRead(node)) wanted.add(name);
  }
  return needed.toReversed();
}

/** Graphs inside a node read values from around it without naming them as inputs. */
function valuesRead(node: NodeProto): readonly string[] {
  const inner = graphsIn(node).flatMap((graph) => [
    ...graph.node.flatMap(valuesRead),
    ...graph.output.map(({ name }) => name),
  ]);
  return [...node.input, ...inner];
}

function graphsIn(node: NodeProto): readonly GraphProto[] {
  return node.attribute.flatMap(({ g }) => (g ? [g] : []));
}

function missing(file: string, what: string, name: string, there: readonly ValueInfoProto[]): WhosinError {
  const names = there.map((value) => `"${value.name}"`).join(', ');
  return new WhosinError('not-found', `${file} has no ${what} "${name}"; it has ${names}.`);
}
