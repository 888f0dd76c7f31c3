/** Activation functions of Keras, by name and as layers. https://keras.io/api/layers/activations */

import type { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { NodeOutput } from '../tensorflow/tensorflow-graph.ts';
import { type Config, recordOf } from './keras-config.ts';
import { numberOf, numbersOf } from './layer-config.ts';
import type { PlacedLayer } from './placed-layer.ts';

type Activation = (w: GraphBuilder, x: NodeOutput, isKeras3: boolean) => NodeOutput;

const asNode =
  (op: string): Activation =>
  (w, x) =>
    w.node(op, [x]);

/** min(max(x + 3, 0), 6) / 6. */
const sixth: Activation = (w, x) =>
  w.node('Mul', [w.node('Relu6', [w.node('AddV2', [x, w.number(3)])]), w.number(1 / 6)]);

const hardSigmoid: Activation = (w, x, isKeras3) => {
  if (isKeras3) return sixth(w, x, isKeras3);
  // Until Keras 3 its slope was a fifth.
  const line = w.node('AddV2', [w.node('Mul', [x, w.number(0.2)]), w.number(0.5)]);
  return w.node('Minimum', [w.node('Relu', [line]), w.number(1)]);
};

const swish: Activation = (w, x) => w.node('Mul', [x, w.node('Sigmoid', [x])]);
const hardSwish: Activation = (w, x, isKeras3) => w.node('Mul', [x, sixth(w, x, isKeras3)]);

const gelu: Activation = (w, x) => {
  const erf = w.node('Erf', [w.node('Mul', [x, w.number(Math.SQRT1_2)])]);
  return w.node('Mul', [w.node('Mul', [x, w.number(0.5)]), w.node('AddV2', [erf, w.number(1)])]);
};

const activations: Readonly<Record<string, Activation>> = {
  elu: asNode('Elu'),
  exponential: asNode('Exp'),
  gelu,
  hard_sigmoid: hardSigmoid,
  hard_silu: hardSwish,
  hard_swish: hardSwish,
  leaky_relu: (w, x) => w.node('LeakyRelu', [x], { alpha: 0.2 }),
  linear: (_w, x) => x,
  log_softmax: asNode('LogSoftmax'),
  relu: asNode('Relu'),
  relu6: asNode('Relu6'),
  selu: asNode('Selu'),
  sigmoid: asNode('Sigmoid'),
  silu: swish,
  softmax: asNode('Softmax'),
  softplus: asNode('Softplus'),
  softsign: (w, x) => w.node('RealDiv', [x, w.node('AddV2', [w.node('Abs', [x]), w.number(1)])]),
  swish,
  tanh: asNode('Tanh'),
};

/** Writes the activation that a layer ends in. A function is written by its name, or as an object that holds it. */
export function activate(w: GraphBuilder, x: NodeOutput, { config, isKeras3 }: PlacedLayer): NodeOutput {
  const { activation } = config;
  const held = recordOf(activation);
  const name =
    typeof activation === 'object' && activation !== null ? held['config'] : (activation ?? 'linear');
  if (typeof name !== 'string') return activationLayer(w, x, String(held['class_name']), recordOf(name));
  const write = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (write === undefined) throw new RangeError(`its activation is ${name}`);
  return write(w, x, isKeras3);
}

/** An activation that is a layer with settings of its own. */
export function activationLayer(w: GraphBuilder, x: NodeOutput, kind: string, config: Config): NodeOutput {
  switch (kind) {
    case 'ReLU':
      return relu(w, x, config);
    case 'LeakyReLU':
      return w.node('LeakyRelu', [x], {
        alpha: numberOf(config, 'negative_slope', numberOf(config, 'alpha', 0.3)),
      });
    case 'ELU':
      requireOnly(config, 'alpha', 1);
      return w.node('Elu', [x]);
    case 'Softmax':
      if (!(numbersOf(config, 'axis') ?? [-1]).every((axis) => axis === -1 || axis === 1)) {
        throw new RangeError('its axis is not the last one');
      }
      return w.node('Softmax', [x]);
    default:
      throw new RangeError(`its activation is a layer ${kind}`);
  }
}

function relu(w: GraphBuilder, x: NodeOutput, config: Config): NodeOutput {
  requireOnly(config, 'threshold', 0);
  const slope = numberOf(config, 'negative_slope', 0);
  const most = config['max_value'] ?? undefined;
  if (slope === 0 && most === 6) return w.node('Relu6', [x]);
  const value = slope === 0 ? w.node('Relu', [x]) : w.node('LeakyRelu', [x], { alpha: slope });
  return most === undefined ? value : w.node('Minimum', [value, w.number(numberOf(config, 'max_value', 0))]);
}

function requireOnly(config: Config, name: string, value: number): void {
  const found = numberOf(config, name, value);
  if (found !== value) throw new RangeError(`its ${name} is ${found}; only ${value} is read`);
}
