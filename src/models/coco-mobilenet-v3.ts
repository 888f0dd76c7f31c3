/** The default for whole pictures: a CenterNet that comes inside the npm package `@vladmandic/human`. */

import type { PicturePack } from './picture-pack.ts';

/** The 80 kinds of things of the COCO dataset (Lin et al. 2014), in the order of their numbers there. */
const cocoLabels =
  `person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant,
  stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack,
  umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove,
  skateboard, surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich,
  orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv,
  laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase,
  scissors, teddy bear, hair drier, toothbrush`.split(/,\s+/);

export const cocoMobilenetV3: PicturePack = {
  kind: 'picture',
  name: 'coco-mobilenet-v3',
  licence: 'MIT',
  source: 'CenterNet on MobileNetV3, trained on COCO by 610265158, as carried by @vladmandic/human',
  graph: {
    format: 'tensorflow-js',
    files: [
      {
        package: '@vladmandic/human',
        path: 'models/centernet.json',
        sha256: 'bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05',
      },
      {
        package: '@vladmandic/human',
        path: 'models/centernet.bin',
        sha256: '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef',
      },
    ],
  },
  input: {
    node: 'tower_0/images',
    width: 224,
    height: 224,
    preparation: { mean: [0, 0, 0], scale: 1 },
    resize: 'lanczos',
  },
  bottleneck: {
    nodes: [
      'tower_0/extern1/hard_swish/mul_1',
      'tower_0/MobilenetV3/expanded_conv_14/project/BatchNorm/FusedBatchNorm',
    ],
    size: 600,
  },
  objects: {
    width: 512,
    height: 512,
    heat: 'tower_0/keypoints',
    sizes: 'tower_0/wh',
    labels: cocoLabels,
  },
};
