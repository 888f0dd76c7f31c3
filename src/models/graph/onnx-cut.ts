/**
 * Makes a foreign ONNX graph take bytes of RGB pixels like every other network here: the preparation is put before
 * it, and it is cut at the values that are asked for. Only ops are added that all opsets since 7 write alike.
 */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { WhosinError } from '../../errors.ts';
import type { PictureInput } from '../picture-pack.ts';
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
import { takeIn } from './onnx-external.ts';
import { raiseFromOpset6 } from './onnx-opset-6.ts';
import { parseOnnx } from './reader.ts';
import { channelScales } from './tensorflow/preparation.ts';
import { type Dimension, valueInfo } from './writer.ts';

/** The opset of 2017: it brought the broadcasting that everything since relies on. */
const broadcastingOpset = 7n;
const beforeBroadcasting = 6n;

/** The part of a graph that is kept, and the nodes that are put before and behind it. */
export interface OnnxCut {
  /** For messages. */
  readonly file: string;
  /** Files that hold weights of it, in the order of `externalFiles`. */
  readonly weights?: readonly Uint8Array[];
  readonly input: TakenInput;
  /** The oldest opset that has the nodes which are put behind it; 7 if left out. */
  readonly oldestOpset?: bigint;
  /** The name of the input that takes the bytes of pixels. */
  readonly pictures: string;
  /** Takes one picture at a time, however many the graph was written for: the same one is put in each place. */
  readonly oneByOne?: true;
  /** The values that are asked for. */
  readonly nodes: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly sizes: readonly Dimension[] }[];
  /** From those values to the outputs, in their order. */
  readonly tail: (g: Added, names: readonly string[]) => readonly string[];
}

/** The input of a graph, and what the bytes become that are put into it. */
export interface TakenInput extends Pick<PictureInput, 'node' | 'preparation'> {
  /** In pixels; a name where the graph takes pictures of any size, whatever it declares. */
  readonly width: Dimension;
  readonly height: Dimension;
}

export function cutOnnx(bytes: Uint8Array, cut: OnnxCut): Uint8Array {
  const { file, nodes: wanted, outputs, oldestOpset = broadcastingOpset } = cut;
  const model = parseOnnx(bytes, file);
  takeIn(model, cut.weights ?? [], file);
  const graph = model.graph!;
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
  if (opset === beforeBroadcasting && oldestOpset === broadcastingOpset) {
    raiseFromOpset6(graph);
    model.opsetImport = model.opsetImport.map((each) =>
      each.version === beforeBroadcasting ? { ...each, version: broadcastingOpset } : each,
    );
  } else if (opset < oldestOpset) {
    throw new WhosinError(
      'bad-weights',
      `${file} is written in ONNX's opset ${opset}, which is too old: convert it to ${oldestOpset} or later.`,
    );
  }
  const input = graph.input.find(({ name }) => name === cut.input.node);
  if (input === undefined) throw missing(file, 'input', cut.input.node, graph.input);
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
  const pictures = prepare(g, cut, input);
  const before = [...g.nodes];
  g.nodes.length = 0;
  const several = placesOf(cut, input) > 1;
  for (const [i, value] of cut.tail(g, wanted.map(theirs)).entries()) {
    const first = several ? g.node('Gather', [value, g.ints([0])], { axis: 0 }) : value;
    g.node('Identity', [first], {}, outputs[i]!.name);
  }
  graph.node = [...before, ...needed, ...g.nodes];
  graph.initializer.push(...g.constants);
  graph.input = [pictures, ...graph.input.filter((value) => value !== input)];
  graph.output = outputs.map(({ name, sizes }) => valueInfo(name, 'float32', sizes));
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
function prepare(g: Added, cut: OnnxCut, input: ValueInfoProto): ValueInfoProto {
  const { pictures } = cut;
  const { width, height, preparation } = cut.input;
  const planes = isPlanes(input);
  const channels = planes ? [1, 3, 1, 1] : [1, 1, 1, 3];
  let value = g.node('Cast', [pictures], { to: DataType.FLOAT });
  if (preparation.order === 'bgr') value = g.node('Gather', [value, g.ints([2, 1, 0])], { axis: 3 });
  if (planes) value = g.node('Transpose', [value], { perm: [0, 3, 1, 2] });
  value = g.node('Sub', [value, g.floats(channels, preparation.mean)]);
  value = g.node('Mul', [value, g.floats(channels, channelScales(preparation))]);
  const places = placesOf(cut, input);
  if (places > 1) value = g.node('Concat', Array(places).fill(value), { axis: 0 });
  g.node('Cast', [value], { to: elementTypeOf(input) }, input.name);
  const batch = places > 1 ? 1 : (sizesOf(input)[0] ?? 'n');
  return valueInfo(pictures, 'uint8', [batch, height, width, 3]);
}

/** More pictures at once than any graph was exported for. */
const mostPlaces = 1024;

/** How often a picture is put in. */
function placesOf({ oneByOne, file }: OnnxCut, input: ValueInfoProto): number {
  const [places = 1] = oneByOne ? sizesOf(input) : [];
  if (places <= mostPlaces) return places;
  throw new WhosinError('bad-weights', `${file} takes ${places} pictures at once, more than ${mostPlaces}.`);
}

/** Nodes that are added to the graph, and their constants. */
export class Added {
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

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#constant(DataType.INT64, dims, BigInt64Array.from(values, BigInt));
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
