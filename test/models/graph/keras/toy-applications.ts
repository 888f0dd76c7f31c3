/** The networks of tf.keras.applications in small: each kind of block that they are built of, once or twice. */

import { ToyKeras } from './toy-keras.ts';

const side = 32;
const picture = [side, side, 3];
const relu6 = { max_value: 6 };

function mobileNetV1(): ToyKeras {
  const m = new ToyKeras(picture);
  let x = m.layer('ReLU', relu6, m.norm(m.conv(m.input, 3, 8, { strides: [2, 2], use_bias: false }), 8));
  x = m.layer(
    'ZeroPadding2D',
    {
      padding: [
        [0, 1],
        [0, 1],
      ],
    },
    x,
  );
  x = m.layer('ReLU', relu6, m.norm(m.depthwise(x, 8, { strides: [2, 2], padding: 'valid' }), 8));
  x = m.layer('ReLU', relu6, m.norm(m.conv(x, 8, 12, { use_bias: false }, 1), 12));
  x = m.layer('Reshape', { target_shape: [1, 1, 12] }, m.layer('GlobalAveragePooling2D', {}, x));
  x = m.conv(m.layer('Dropout', { rate: 0.1 }, x), 12, 5, {}, 1);
  m.layer('Activation', { activation: 'softmax' }, m.layer('Reshape', { target_shape: [5] }, x));
  return m;
}

function mobileNetV2(): ToyKeras {
  const m = new ToyKeras(picture);
  const first = m.norm(m.conv(m.input, 3, 8, { strides: [2, 2], use_bias: false }), 8);
  let x = m.layer('ReLU', relu6, m.norm(m.conv(first, 8, 24, { use_bias: false }, 1), 24));
  x = m.layer('ReLU', relu6, m.norm(m.depthwise(x, 24), 24));
  x = m.norm(m.conv(x, 24, 8, { use_bias: false }, 1), 8);
  x = m.layer('GlobalAveragePooling2D', {}, m.layer('Add', {}, [first, x]));
  m.dense(x, 8, 5);
  return m;
}

/** Squeeze and excite, as EfficientNet and MobileNet v3 have it. */
function efficientNet(): ToyKeras {
  const m = new ToyKeras(picture);
  let x = m.layer('Rescaling', { scale: 1 / 2, offset: 0.1 }, m.input);
  x = m.layer(
    'Activation',
    { activation: 'swish' },
    m.norm(m.conv(x, 3, 8, { strides: [2, 2], use_bias: false }), 8),
  );
  const wide = m.norm(m.depthwise(x, 8), 8);
  let squeezed = m.layer('Reshape', { target_shape: [1, 1, 8] }, m.layer('GlobalAveragePooling2D', {}, wide));
  squeezed = m.conv(squeezed, 8, 2, { activation: 'swish' }, 1);
  squeezed = m.conv(squeezed, 2, 8, { activation: 'sigmoid' }, 1);
  x = m.layer('Multiply', {}, [wide, squeezed]);
  m.dense(m.layer('GlobalAveragePooling2D', {}, x), 8, 5);
  return m;
}

function resNet(): ToyKeras {
  const m = new ToyKeras(picture);
  let x = m.layer(
    'ZeroPadding2D',
    {
      padding: [
        [3, 3],
        [3, 3],
      ],
    },
    m.input,
  );
  x = m.norm(m.conv(x, 3, 8, { strides: [2, 2], padding: 'valid' }, 7), 8, { epsilon: 1.001e-5 });
  x = m.layer(
    'ZeroPadding2D',
    {
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
    m.layer('Activation', { activation: 'relu' }, x),
  );
  const pooled = m.layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'valid' }, x);
  const block = m.norm(m.conv(m.conv(pooled, 8, 4, { activation: 'relu' }, 1), 4, 8), 8);
  x = m.layer('Activation', { activation: 'relu' }, m.layer('Add', {}, [pooled, block]));
  m.dense(m.layer('GlobalAveragePooling2D', {}, x), 8, 5);
  return m;
}

function inception(): ToyKeras {
  const m = new ToyKeras(picture);
  const unit = (from: string, inputs: number, filters: number, kernel: number): string =>
    m.layer(
      'Activation',
      { activation: 'relu' },
      m.norm(m.conv(from, inputs, filters, { use_bias: false }, kernel), filters, { scale: false }),
    );
  const x = unit(m.input, 3, 6, 3);
  const means = m.layer('AveragePooling2D', { pool_size: [3, 3], strides: [1, 1], padding: 'same' }, x);
  const joined = m.layer('Concatenate', { axis: 3 }, [
    unit(x, 6, 4, 1),
    unit(x, 6, 4, 5),
    unit(means, 6, 4, 1),
  ]);
  m.dense(m.layer('GlobalAveragePooling2D', {}, joined), 12, 5);
  return m;
}

function xception(): ToyKeras {
  const m = new ToyKeras(picture);
  const separable = (from: string, inputs: number, filters: number): string =>
    m.layer('SeparableConv2D', { filters, kernel_size: [3, 3], padding: 'same', use_bias: false }, from, {
      depthwise_kernel: [3, 3, inputs, 1],
      pointwise_kernel: [1, 1, inputs, filters],
    });
  const x = m.conv(m.input, 3, 6);
  const residual = m.conv(x, 6, 8, { strides: [2, 2] }, 1);
  const inner = m.norm(separable(m.layer('Activation', { activation: 'relu' }, x), 6, 8), 8);
  const pooled = m.layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }, inner);
  m.dense(m.layer('GlobalAveragePooling2D', {}, m.layer('Add', {}, [pooled, residual])), 8, 5);
  return m;
}

function denseNet(): ToyKeras {
  const m = new ToyKeras(picture);
  const x = m.conv(m.input, 3, 6, { strides: [2, 2] });
  const grown = m.conv(m.layer('Activation', { activation: 'relu' }, m.norm(x, 6)), 6, 4, {
    use_bias: false,
  });
  const joined = m.norm(m.layer('Concatenate', { axis: 3 }, [x, grown]), 10);
  const half = m.layer('AveragePooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }, joined);
  m.dense(m.layer('GlobalAveragePooling2D', {}, half), 10, 5);
  return m;
}

function vgg(): ToyKeras {
  const m = new ToyKeras(picture);
  let x = m.conv(m.input, 3, 4, { activation: 'relu' });
  x = m.layer('MaxPooling2D', { pool_size: [2, 2], strides: [2, 2] }, x);
  x = m.layer('Flatten', {}, m.layer('MaxPooling2D', { pool_size: [4, 4], strides: null }, x));
  m.dense(m.dense(x, 4 * 4 * 4, 16, 'relu'), 16, 5);
  return m;
}

/** Layers that none of them has, and people's own networks do. */
function others(): ToyKeras {
  const m = new ToyKeras(picture);
  let x = m.layer('LeakyReLU', { alpha: 0.2 }, m.conv(m.input, 3, 4, { dilation_rate: [2, 2] }));
  x = m.layer('PReLU', { shared_axes: [1, 2] }, x, { alpha: [1, 1, 4] });
  x = m.layer(
    'Cropping2D',
    {
      cropping: [
        [2, 1],
        [0, 3],
      ],
    },
    x,
  );
  const elu = m.layer('ELU', { alpha: 1 }, x);
  const hard = m.layer('Activation', { activation: 'hard_sigmoid' }, x);
  x = m.layer('Average', {}, [m.layer('Maximum', {}, [elu, hard]), m.layer('Minimum', {}, [elu, x])]);
  x = m.layer('GlobalMaxPooling2D', {}, m.layer('Permute', { dims: [2, 1, 3] }, x));
  m.layer('Softmax', { axis: -1 }, m.dense(x, 4, 5, 'linear'));
  return m;
}

export const toyApplications: Readonly<Record<string, () => ToyKeras>> = {
  'MobileNet v1': mobileNetV1,
  'MobileNet v2': mobileNetV2,
  'EfficientNet, MobileNet v3': efficientNet,
  ResNet: resNet,
  'Inception v3': inception,
  Xception: xception,
  DenseNet: denseNet,
  VGG: vgg,
  'layers of others': others,
};
