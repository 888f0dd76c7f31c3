/**
 * A Keras model's own description, which is the same JSON in HDF5 files, `.keras` archives and TensorFlow.js layers
 * models: layers by name, and which reads which. https://keras.io/guides/serialization_and_saving
 */

import { WhosinError } from '../../../errors.ts';
import { callsOf, type KerasCall, type KerasReference, referencesOf } from './keras-calls.ts';

export type Config = Readonly<Record<string, unknown>>;

export interface KerasLayer {
  /** Its class, `Conv2D`. */
  readonly kind: string;
  readonly name: string;
  readonly config: Config;
  /** Once for each time that the network uses it. */
  readonly calls: readonly KerasCall[];
  /** A network that is used as a layer of another. */
  readonly inner?: KerasNetwork;
}

export interface KerasNetwork {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly KerasReference[];
  readonly outputs: readonly KerasReference[];
}

export interface KerasModel extends KerasNetwork {
  /** Keras 3 gave some functions of the same name another meaning. */
  readonly isKeras3: boolean;
}

/** Deeper than any model is nested, and shallow enough for the stack. */
const mostNested = 20;

/**
 * @param topology `modelTopology`, `model_config` or `config.json`, parsed
 * @param version of Keras, where the file holds it beside
 * @throws WhosinError `not-a-model` if it describes no network
 */
export function readKerasConfig(topology: unknown, file: string, version = ''): KerasModel {
  const outer = recordOf(topology);
  const model = recordOf(outer['model_config'] ?? outer);
  const stated = outer['keras_version'];
  const written = typeof stated === 'string' ? stated : version;
  const network = networkOf(model, file, 0);
  // Keras 3 alone writes down which module a class is from, in every layer.
  const isKeras3 = written !== '' ? /^[3-9]/.test(written) : 'module' in model;
  return { ...network, isKeras3 };
}

/** Whether a layer is a network itself. */
function isNetwork({ config }: { readonly config: unknown }): boolean {
  return Array.isArray(config) || Array.isArray(recordOf(config)['layers']);
}

function networkOf(model: Config, file: string, depth: number): KerasNetwork {
  const config: unknown = model['config'];
  if (depth > mostNested || !isNetwork({ config })) {
    const kind = typeof model['class_name'] === 'string' ? ` but a ${model['class_name']}` : '';
    const reason = `is not a Keras model of layers${kind}: a subclass of Model holds its network in Python code. Export it as ONNX or a SavedModel`;
    throw WhosinError.about('not-a-model', file, reason);
  }
  // Before Keras 2.2.3 the list itself was the configuration of a Sequential.
  const { layers: list, name: own } = Array.isArray(config)
    ? { layers: config, name: undefined }
    : recordOf(config);
  const layers = (list as unknown[]).map((layer) => layerOf(recordOf(layer), file, depth));
  const name = typeof own === 'string' ? own : 'model';
  const { input_layers: inputs, output_layers: outputs } = Array.isArray(config) ? {} : recordOf(config);
  if (inputs === undefined) return inSequence(name, layers, file);
  return { name, layers, inputs: referencesOf(inputs), outputs: referencesOf(outputs) };
}

function layerOf(layer: Config, file: string, depth: number): KerasLayer {
  const kind = layer['class_name'];
  const config = layer['config'];
  const name = layer['name'] ?? recordOf(config)['name'];
  if (typeof kind !== 'string' || (typeof config !== 'object' && !Array.isArray(config))) {
    throw WhosinError.about('not-a-model', file, 'is not a Keras model: it lists layers that are none');
  }
  const calls = callsOf(layer['inbound_nodes']);
  const inner = isNetwork({ config }) ? networkOf(layer, file, depth + 1) : undefined;
  return {
    kind,
    name: typeof name === 'string' ? name : (inner?.name ?? kind),
    config: recordOf(config),
    calls,
    ...(inner && { inner }),
  };
}

/** Each layer of a Sequential reads the one before; the first need not be an input. */
function inSequence(name: string, layers: readonly KerasLayer[], file: string): KerasNetwork {
  const [first] = layers;
  if (first === undefined) throw WhosinError.about('not-a-model', file, 'is a Keras model without layers');
  const begins = first.kind === 'InputLayer';
  const input: KerasLayer = begins ? first : inputBefore(first);
  const all = [input, ...(begins ? layers.slice(1) : layers)];
  const chained = all.map((layer, i) =>
    i === 0 ? layer : { ...layer, calls: [{ inputs: [referenceTo(all[i - 1]!)], named: {} }] },
  );
  return { name, layers: chained, inputs: [referenceTo(input)], outputs: [referenceTo(all.at(-1)!)] };
}

function inputBefore(first: KerasLayer): KerasLayer {
  const shape = shapeInto(first);
  return {
    kind: 'InputLayer',
    name: `${first.name}_input`,
    config: shape ? { batch_input_shape: shape } : {},
    calls: [],
  };
}

/** The shape that a first layer was built for, which a nested network holds in its own input. */
function shapeInto({ config, inner }: KerasLayer): unknown {
  const own = config['batch_input_shape'] ?? config['batch_shape'];
  if (own !== undefined || inner === undefined) return own;
  const from = inner.layers.find(({ name }) => name === inner.inputs[0]?.layer) ?? inner.layers[0];
  return from && shapeInto(from);
}

function referenceTo({ name }: KerasLayer): KerasReference {
  return { layer: name, call: 0 };
}

/** An object of JSON; an empty one where it is none. */
export function recordOf(value: unknown): Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Config) : {};
}
