/** A Keras model as a TensorFlow graph, so that one compiler writes both. */

import { reasonOf, WhosinError } from '../../../errors.ts';
import { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { NodeOutput, TensorFlowGraph } from '../tensorflow/tensorflow-graph.ts';
import { isReference, type KerasCall, type KerasReference } from './keras-calls.ts';
import { type KerasLayer, type KerasModel, type KerasNetwork, recordOf } from './keras-config.ts';
import { layerKind } from './keras-layers.ts';
import type { KerasWeights } from './keras-weights.ts';
import type { PlacedLayer } from './placed-layer.ts';

/**
 * Nodes are named after their layers: what a layer gives is the node of its name; if another node has it already,
 * with the number of its use behind.
 *
 * @throws WhosinError `bad-weights` naming the layer that cannot be written, and its kind
 */
export function kerasGraph(model: KerasModel, weights: KerasWeights, file: string): TensorFlowGraph {
  const w = new GraphBuilder();
  const given = model.inputs.map(({ layer }) => {
    const input = model.layers.find(({ name }) => name === layer);
    w.begin(layer);
    return w.input(input && shapeOf(input));
  });
  writeNetwork({ w, weights, file, isKeras3: model.isKeras3 }, model, given);
  return w.graph(file);
}

interface Writing {
  readonly w: GraphBuilder;
  readonly weights: KerasWeights;
  readonly file: string;
  readonly isKeras3: boolean;
}

/** @returns the network's outputs */
function writeNetwork(
  writing: Writing,
  network: KerasNetwork,
  given: readonly NodeOutput[],
): readonly NodeOutput[] {
  const { file } = writing;
  const values = new Map<string, readonly NodeOutput[]>();
  for (const [i, { layer }] of network.inputs.entries()) {
    if (given[i] === undefined) throw misfit(file, network, 'is used with fewer values than it takes');
    values.set(layer, [given[i]]);
  }
  const waiting = new Set(network.layers.filter(({ name }) => !values.has(name)));
  // Layers are listed in the order in which they were made, which need not be the one in which they are read.
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size;
    for (const layer of waiting) {
      const written = layer.calls.map((call) => inputsOf(call, values));
      if (written.length === 0 || written.some((inputs) => inputs === undefined)) continue;
      const outputs = layer.calls.map((call, i) => writeLayer(writing, layer, call, written[i]!));
      values.set(layer.name, outputs);
      waiting.delete(layer);
    }
  }
  return network.outputs.map((reference) => {
    const value = valueOf(reference, values);
    if (value) return value;
    throw misfit(file, network, `ends in layer "${reference.layer}", which reads what is not in the file`);
  });
}

function writeLayer(
  writing: Writing,
  layer: KerasLayer,
  call: KerasCall,
  inputs: readonly NodeOutput[],
): NodeOutput {
  const { w, weights, file, isKeras3 } = writing;
  if (layer.inner) return writeNetwork(writing, layer.inner, inputs)[0]!;
  const kind = layerKind(layer.kind);
  if (kind === undefined) {
    const reason = `layer "${layer.name}" of kind ${layer.kind} is none that whosin's compiler knows; convert the model to ONNX (tf2onnx), and give that file`;
    throw new WhosinError('bad-weights', `${file}: ${reason}.`, { path: file, reason });
  }
  const read = [...inputs];
  const placed: PlacedLayer = {
    layer,
    config: recordOf(layer.config),
    inputs,
    operands: call.inputs.map((operand) => (isReference(operand) ? read.shift()! : operand)),
    named: call.named,
    isKeras3,
    weight: (variable) => weights(layer, variable),
  };
  try {
    w.begin(layer.name);
    return w.end(kind.write(w, placed));
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const reason = `layer "${layer.name}" of kind ${layer.kind} cannot be compiled: ${reasonOf(error)}`;
    throw new WhosinError('bad-weights', `${file}: ${reason}.`, { path: file, reason, cause: error });
  }
}

/** Nothing where one of them is not written yet. */
function inputsOf(
  { inputs }: KerasCall,
  values: ReadonlyMap<string, readonly NodeOutput[]>,
): readonly NodeOutput[] | undefined {
  const found = inputs.filter(isReference).map((reference) => valueOf(reference, values));
  return found.every((value) => value !== undefined) && found.length > 0 ? found : undefined;
}

function valueOf(
  { layer, call }: KerasReference,
  values: ReadonlyMap<string, readonly NodeOutput[]>,
): NodeOutput | undefined {
  const outputs = values.get(layer);
  // A nested network counts its own making as the first use in some versions.
  return outputs?.[call] ?? outputs?.at(-1);
}

/** −1 for a free size, and for the number of pictures. */
function shapeOf({ config }: KerasLayer): readonly number[] | undefined {
  const shape = config['batch_input_shape'] ?? config['batch_shape'];
  if (!Array.isArray(shape)) return undefined;
  return shape.map((size: unknown) => (typeof size === 'number' ? size : -1));
}

function misfit(file: string, { name }: KerasNetwork, reason: string): WhosinError {
  return new WhosinError('bad-weights', `${file}: the network "${name}" ${reason}.`, { path: file });
}
