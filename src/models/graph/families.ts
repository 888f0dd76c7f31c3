/**
 * Known families of networks, by the names that their layers have in every format, and what each takes.
 * Preparations: `preprocess_input` of tf.keras.applications; Teachable Machine: @teachablemachine/image.
 */

import { preparations } from './picture-parts.ts';
import type { Preparation } from './tensorflow/preparation.ts';

export interface Family {
  readonly name: string;
  readonly preparation: Preparation;
  readonly crop?: 'centre';
}

interface Mark extends Family {
  /** All of them have to be there. */
  readonly layers: readonly RegExp[];
}

const symmetric = preparations['-1..1'];

/** The first that fits counts: some families have the layers of another one, and more. */
const marks: readonly Mark[] = [
  {
    name: 'Teachable Machine',
    // TensorFlow.js names layers so, and puts this trunk into each model.
    layers: [/global_average_pooling2d_GlobalAveragePooling2D\d/, /block_16_project/],
    preparation: symmetric,
    crop: 'centre',
  },
  {
    name: 'Teachable Machine',
    // Its export for phones has the names of its own layers left, and of nothing in the trunk.
    layers: [/\bdense_Dense\d/, /sequential_\d+_input/],
    preparation: symmetric,
    crop: 'centre',
  },
  {
    name: 'EfficientNet',
    layers: [/\bblock1a_/, /\bblock7a_|\bblock6a_/],
    preparation: preparations['0..255'],
  },
  { name: 'MobileNet v1', layers: [/^MobilenetV1\//], preparation: symmetric },
  { name: 'MobileNet v2', layers: [/\bblock_1_expand/, /\bblock_16_project/], preparation: symmetric },
  { name: 'MobileNet v1', layers: [/\bconv_dw_1(?!\d)/, /\bconv_pw_13/], preparation: symmetric },
  { name: 'Inception v3', layers: [/\bmixed0/, /\bmixed10/], preparation: symmetric },
  { name: 'Inception-ResNet v2', layers: [/\bblock35_1_/, /\bblock8_1_/], preparation: symmetric },
  { name: 'Xception', layers: [/\bblock2_sepconv1/, /\bblock14_sepconv2/], preparation: symmetric },
  { name: 'ResNet v2', layers: [/\bconv2_block1_preact/, /\bconv5_block/], preparation: symmetric },
  { name: 'DenseNet', layers: [/\bconv2_block1_0_bn/, /\bconv5_block/], preparation: preparations.imagenet },
  { name: 'ResNet', layers: [/\bconv2_block1_1_conv/, /\bconv5_block/], preparation: preparations.caffe },
  { name: 'ResNet', layers: [/\bres2a_branch2a/, /\bres5c_branch2c/], preparation: preparations.caffe },
  { name: 'VGG', layers: [/\bblock1_conv1/, /\bblock5_conv3/], preparation: preparations.caffe },
];

/** @param names of nodes, layers or values */
export function familyOf(names: Iterable<string>): Family | undefined {
  const all = [...names];
  const found = marks.find(({ layers }) => layers.every((layer) => all.some((name) => layer.test(name))));
  if (found === undefined) return undefined;
  const { layers: _, ...family } = found;
  return family;
}
