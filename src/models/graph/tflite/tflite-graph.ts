/** A TensorFlow Lite model as a TensorFlow graph, so that one compiler writes both. */

import { reasonOf, WhosinError } from '../../../errors.ts';
import { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { Preparation } from '../tensorflow/preparation.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import type { NodeOutput, TensorFlowGraph } from '../tensorflow/tensorflow-graph.ts';
import { withStoredConstants } from './stored-constants.ts';
import type { PlacedOperator } from './tflite-layers.ts';
import { litePreparation } from './tflite-metadata.ts';
import { type LiteModel, type LiteOperator, type LiteTensor, readTflite } from './tflite-model.ts';
import { operatorKind } from './tflite-ops.ts';
import { type ByteSteps, byteRanges, byteSteps, constantOf } from './tflite-tensor.ts';

/**
 * Nodes are named after the tensors that they give. Quantised tensors hold the numbers that their integers stand for,
 * rounded and cut off as TensorFlow Lite's interpreter does with XNNPACK.
 *
 * @throws WhosinError `not-a-model` if it is none, `bad-weights` naming the operator that cannot be written
 */
export function tfliteGraph(bytes: Uint8Array, file: string): TensorFlowGraph {
  const model = withStoredConstants(readTflite(bytes, file));
  const g = new GraphBuilder();
  const values = new Map<number, NodeOutput>();
  for (const index of model.inputs) {
    const tensor = tensorAt(model, index, file);
    g.begin(tensor.name || `input_${index}`);
    const given = g.input(shapeOf(tensor));
    g.begin(`${given.node}/bytes`);
    values.set(index, stored(g, given, byteSteps(tensor)));
  }
  for (const operator of model.operators) {
    const outputs = writeOperator(g, model, operator, values, file);
    for (const [i, index] of operator.outputs.entries()) if (outputs[i]) values.set(index, outputs[i]);
  }
  const preparation = litePreparation(model) ?? storedAs(tensorAt(model, model.inputs[0] ?? -1, file));
  return { ...g.graph(file), ...(preparation && { takes: preparation }) };
}

function writeOperator(
  g: GraphBuilder,
  model: LiteModel,
  operator: LiteOperator,
  values: ReadonlyMap<number, NodeOutput>,
  file: string,
): readonly NodeOutput[] {
  const output = tensorAt(model, operator.outputs[0] ?? -1, file);
  const kind = operatorKind(operator.code);
  if (kind === undefined) {
    const called = operator.custom === '' ? `number ${operator.code} of the schema` : `"${operator.custom}"`;
    const reason = `operator "${output.name}" is of a kind that whosin's compiler does not know (${called}); give the model that it was converted from`;
    throw new WhosinError('bad-weights', `${file}: ${reason}.`, { path: file, reason });
  }
  try {
    const constants = operator.inputs.map((index) => {
      const tensor = index < 0 ? undefined : tensorAt(model, index, file);
      return tensor === undefined || values.has(index) || tensor.data.length === 0
        ? undefined
        : constantOf(tensor);
    });
    g.begin(output.name || `${kind.name}_${operator.outputs[0]}`);
    const inputs = operator.inputs.flatMap((index, i) => {
      if (index < 0) return [];
      const ownWeights = i === 1 && withWeights.has(kind.name);
      return [
        values.get(index) ??
          constantNode(g, constants[i], ownWeights ? '' : tensorAt(model, index, file).name),
      ];
    });
    const { shape: sizes } = tensorAt(model, operator.inputs[0] ?? -1, file);
    const steps = byteSteps(output);
    const placed = {
      inputs,
      sizes,
      constant: (i: number) => constants[i],
      options: operator.options,
      scales: scalesOf(model, operator),
      steps,
      inputSteps: operator.inputs.map((index) => {
        const tensor = model.tensors[index];
        return tensor && byteSteps(tensor);
      }),
    };
    const written = [kind.write(g, placed)].flat();
    if (written.length > 1) return written;
    return [g.end(stored(g, written[0]!, steps))];
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const reason = `operator "${output.name}" of kind ${kind.name} cannot be compiled: ${reasonOf(error)}`;
    throw new WhosinError('bad-weights', `${file}: ${reason}.`, { path: file, reason, cause: error });
  }
}

/** Weights are turned around by the operator itself. */
const withWeights = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED']);

/** @param name empty for what is written in another form */
function constantNode(g: GraphBuilder, constant: NumberTensor | undefined, name: string): NodeOutput {
  if (constant === undefined) throw new RangeError('it reads a tensor that nothing gives');
  return name === '' ? g.number(0) : g.tensor(constant, `constants/${name}`);
}

function stored(g: GraphBuilder, value: NodeOutput, steps: ByteSteps | undefined): NodeOutput {
  if (steps === undefined) return value;
  return g.node('InBytes', [value], { scale: steps.scale, zero: steps.zero });
}

/** Scales of the input and of the weights, if both are integers. */
function scalesOf(
  model: LiteModel,
  { inputs: [from = -1, by = -1] }: LiteOperator,
): PlacedOperator['scales'] {
  const [input, weights] = [model.tensors[from], model.tensors[by]];
  const steps = input && byteSteps(input);
  const { scales = [], zeros = [] } = weights?.quantisation ?? {};
  if (steps === undefined || !weights?.data.length || scales.length === 0) return undefined;
  return { input: steps.scale, weights: scales, zero: zeros[0] ?? 0 };
}

/** Infers what bytes of pictures become if the input takes integers. */
function storedAs({ type, quantisation }: LiteTensor): Preparation | undefined {
  const range = byteRanges[type];
  if (range === undefined) return undefined;
  const { scales, zeros } = quantisation;
  // Signed integers are the bytes less 128.
  const mean = (zeros[0] ?? 0) - range[0];
  return { mean: [mean, mean, mean], scale: scales[0] ?? 1 };
}

function shapeOf({ shape, signature }: LiteTensor): readonly number[] {
  const sizes = signature.length === shape.length ? signature : shape;
  return sizes.map((size, axis) => (axis === 0 ? -1 : size));
}

function tensorAt({ tensors }: LiteModel, index: number, file: string): LiteTensor {
  const tensor = tensors[index];
  if (tensor) return tensor;
  throw new WhosinError(
    'bad-weights',
    `${file} is damaged: it reads tensor ${index}, and has ${tensors.length}.`,
    { path: file },
  );
}
