/** Layers that move over the picture: convolutions and pools. */

import type { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { Attribute, NodeOutput } from '../tensorflow/tensorflow-graph.ts';
import type { Config } from './keras-config.ts';
import { activate } from './layer-activation.ts';
import { flagOf, pairOf, requireChannelsLast, textOf } from './layer-config.ts';
import type { PlacedLayer, WriteLayer } from './placed-layer.ts';

export const convolution: WriteLayer = (w, placed) => {
  const filters = w.tensor(placed.weight('kernel'));
  const value = w.node('Conv2D', [placed.inputs[0]!, filters], movement(placed.config));
  return finished(w, value, placed);
};

export const depthwise: WriteLayer = (w, placed) => {
  const filters = w.tensor(placed.weight('depthwise_kernel'));
  const value = w.node('DepthwiseConv2dNative', [placed.inputs[0]!, filters], movement(placed.config));
  return finished(w, value, placed);
};

export const separable: WriteLayer = (w, placed) => {
  const [across, through] = ['depthwise_kernel', 'pointwise_kernel'].map((name) =>
    w.tensor(placed.weight(name)),
  );
  const channels = w.node('DepthwiseConv2dNative', [placed.inputs[0]!, across!], movement(placed.config));
  const value = w.node('Conv2D', [channels, through!], { strides: [1, 1, 1, 1], padding: 'VALID' });
  return finished(w, value, placed);
};

export const dense: WriteLayer = (w, placed) => {
  const kernel = placed.weight('kernel');
  if (kernel.shape.length !== 2) throw new RangeError(`its kernel has ${kernel.shape.length} sizes`);
  return finished(w, w.node('MatMul', [placed.inputs[0]!, w.tensor(kernel)]), placed);
};

const pooled =
  (op: 'MaxPool' | 'AvgPool'): WriteLayer =>
  (w, { inputs, config }) => {
    requireChannelsLast(config);
    const size = pairOf(config, 'pool_size', [2, 2]);
    const steps = pairOf(config, 'strides', size);
    const attributes = { ksize: [1, ...size, 1], strides: [1, ...steps, 1], padding: paddingOf(config) };
    return w.node(op, inputs, attributes);
  };

export const maxPool = pooled('MaxPool');
export const averagePool = pooled('AvgPool');

const overPicture =
  (op: 'Mean' | 'Max'): WriteLayer =>
  (w, { inputs, config }) => {
    requireChannelsLast(config);
    return w.node(op, [inputs[0]!, w.ints([1, 2])], { keep_dims: flagOf(config, 'keepdims', false) });
  };

export const globalAveragePool = overPicture('Mean');
export const globalMaxPool = overPicture('Max');

function movement(config: Config): Readonly<Record<string, Attribute>> {
  requireChannelsLast(config);
  return {
    strides: [1, ...pairOf(config, 'strides', [1, 1]), 1],
    dilations: [1, ...pairOf(config, 'dilation_rate', [1, 1]), 1],
    padding: paddingOf(config),
  };
}

function paddingOf(config: Config): string {
  const padding = textOf(config, 'padding', 'valid').toUpperCase();
  if (padding === 'SAME' || padding === 'VALID') return padding;
  throw new RangeError(`its padding is ${padding.toLowerCase()}`);
}

/** Bias and activation. */
function finished(w: GraphBuilder, value: NodeOutput, placed: PlacedLayer): NodeOutput {
  const biased = flagOf(placed.config, 'use_bias', true)
    ? w.node('BiasAdd', [value, w.tensor(placed.weight('bias'))])
    : value;
  return activate(w, biased, placed);
}
