/** Which kinds of Keras layers the compiler knows: what each learnt, and what writes it. */

import { type Config, recordOf } from './keras-config.ts';
import { activate, activationLayer } from './layer-activation.ts';
import {
  average,
  batchNorm,
  concatenate,
  joinedBy,
  lambda,
  normalization,
  operator,
  rescaling,
  writtenNode,
} from './layer-arithmetic.ts';
import { flagOf, numbersOf } from './layer-config.ts';
import {
  averagePool,
  convolution,
  dense,
  depthwise,
  globalAveragePool,
  globalMaxPool,
  maxPool,
  separable,
} from './layer-convolution.ts';
import { cropping, flatten, permute, reshape, resizing, zeroPadding } from './layer-shape.ts';
import type { WriteLayer } from './placed-layer.ts';

export interface LayerKind {
  readonly write: WriteLayer;
  /** The names of what it learnt, in Keras' order: what training changes by gradients first. */
  readonly variables?: (config: Config) => readonly string[];
}

const withBias =
  (...filters: readonly string[]) =>
  (config: Config): readonly string[] =>
    flagOf(config, 'use_bias', true) ? [...filters, 'bias'] : filters;

/** Layers that do something in training alone. */
const inTraining = [
  'ActivityRegularization',
  'AlphaDropout',
  'Dropout',
  'GaussianDropout',
  'GaussianNoise',
  'Identity',
  'RandomBrightness',
  'RandomContrast',
  'RandomFlip',
  'RandomRotation',
  'RandomTranslation',
  'RandomZoom',
  'SpatialDropout2D',
];

const same: WriteLayer = (_w, { inputs }) => inputs[0]!;

const asActivation: WriteLayer = (w, { inputs, layer, config }) =>
  activationLayer(w, inputs[0]!, layer.kind, config);

/** Keras 3 calls its operators as it calls the layers of the same name, and gives those settings of their own. */
const joinedOrOperator =
  (op: string): WriteLayer =>
  (w, placed) =>
    (placed.inputs.length > 1 ? joinedBy(op) : operator(op))(w, placed);

const layerKinds: Readonly<Record<string, LayerKind>> = {
  ...Object.fromEntries(inTraining.map((kind) => [kind, { write: same }])),
  ...Object.fromEntries(
    ['ELU', 'LeakyReLU', 'ReLU', 'Softmax'].map((kind) => [kind, { write: asActivation }]),
  ),
  Activation: { write: (w, placed) => activate(w, placed.inputs[0]!, placed) },
  Add: { write: joinedOrOperator('AddV2') },
  Average: { write: average },
  AveragePooling2D: { write: averagePool },
  BatchNormalization: {
    write: batchNorm,
    variables: (config) => [
      ...(flagOf(config, 'scale', true) ? ['gamma'] : []),
      ...(flagOf(config, 'center', true) ? ['beta'] : []),
      'moving_mean',
      'moving_variance',
    ],
  },
  Concatenate: { write: concatenate },
  Conv2D: { write: convolution, variables: withBias('kernel') },
  Cropping2D: { write: cropping },
  Dense: { write: dense, variables: withBias('kernel') },
  DepthwiseConv2D: { write: depthwise, variables: withBias('depthwise_kernel') },
  Divide: { write: operator('RealDiv') },
  Flatten: { write: flatten },
  GlobalAveragePooling2D: { write: globalAveragePool },
  GlobalMaxPooling2D: { write: globalMaxPool },
  MaxPooling2D: { write: maxPool },
  Maximum: { write: joinedOrOperator('Maximum') },
  Minimum: { write: joinedOrOperator('Minimum') },
  Multiply: { write: joinedOrOperator('Mul') },
  Normalization: {
    write: normalization,
    variables: (config) => (numbersOf(config, 'mean') ? [] : ['mean', 'variance']),
  },
  PReLU: {
    write: (w, { inputs, weight }) => w.node('Prelu', [inputs[0]!, w.tensor(weight('alpha'))]),
    variables: () => ['alpha'],
  },
  Permute: { write: permute },
  Rescaling: { write: rescaling },
  Reshape: { write: reshape },
  Resizing: { write: resizing },
  SeparableConv2D: { write: separable, variables: withBias('depthwise_kernel', 'pointwise_kernel') },
  Subtract: { write: operator('Sub') },
  TFOpLambda: { write: lambda },
  TensorFlowOpLayer: { write: writtenNode },
  TrueDivide: { write: operator('RealDiv') },
  ZeroPadding2D: { write: zeroPadding },
};

/** Nothing for a kind that the compiler does not know. A layer of one's own may be called as one of Keras' own. */
export function layerKind(kind: string): LayerKind | undefined {
  return Object.hasOwn(layerKinds, kind) ? layerKinds[kind] : undefined;
}

export function variablesOf(kind: string, config: Config): readonly string[] {
  return layerKind(kind)?.variables?.(recordOf(config)) ?? [];
}
