/** The networks that retrain.py and classify_image.py used: not carried along, but pulled from where TensorFlow keeps them. */

import { preparations } from './graph/picture-parts.ts';
import type { PullablePicture } from './pullable-pack.ts';

const host = 'https://storage.googleapis.com/download.tensorflow.org/models';
const licence = 'Apache-2.0';

const inceptionV3: PullablePicture = {
  kind: 'picture',
  name: 'inception-v3',
  licence,
  source:
    'Inception v3 (Szegedy et al. 2015, arXiv:1512.00567), trained on ImageNet 2012 by Google, of December 2015',
  address: `${host}/image/imagenet/inception-2015-12-05.tgz`,
  graph: { path: 'classify_image_graph_def.pb' },
  labels: [
    { path: 'imagenet_2012_challenge_label_map_proto.pbtxt' },
    { path: 'imagenet_synset_to_human_label_map.txt' },
  ],
  // The graph decodes and scales photos itself, and prepares them behind that.
  input: {
    node: 'ResizeBilinear',
    width: 299,
    height: 299,
    preparation: preparations['0..255'],
    resize: 'bilinear',
  },
  bottleneck: { nodes: ['pool_3/_reshape'], size: 2048 },
  scores: { node: 'softmax' },
};

const widths = ['1.0', '0.75', '0.50', '0.25'] as const;
const sides = [224, 192, 160, 128] as const;
type MobilenetName = `mobilenet_${(typeof widths)[number]}_${(typeof sides)[number]}`;

/** Published by package recipes of embedded Linux (meta-imx, meta-renesas and others), which all have this one. */
const archiveSums: Partial<Record<MobilenetName, string>> = {
  'mobilenet_1.0_224': '366a2d53008df0d2a82b375e2020bbc57e43bbe19971370e47b7f74ea0aaab91',
};

const labelSum = '0b3bf061c4308369f2bba235681459528ea80dbb97c8abd697d2d1ff07dfbc98';
/** The sums of the frozen graphs that this code was measured on. */
const graphSums: Partial<Record<MobilenetName, string>> = {
  'mobilenet_0.25_224': 'bf56de7d43277493cbf251dc97e5ce3332725f2d134cf62418d666278f9b5ff7',
  'mobilenet_0.25_128': '76fec915bb13a76014a1863ff0976f848d8506388a76fe571e7b366541cc812f',
};

function mobilenet(width: (typeof widths)[number], side: (typeof sides)[number]): PullablePicture {
  const name: MobilenetName = `mobilenet_${width}_${side}`;
  const folder = `mobilenet_v1_${width}_${side}`;
  const archiveSum = archiveSums[name];
  const graphSum = graphSums[name];
  return {
    kind: 'picture',
    name,
    licence,
    source:
      'MobileNet v1 (Howard et al. 2017, arXiv:1704.04861), trained on ImageNet 2012 by Google, of June 2017',
    address: `${host}/${folder}_frozen.tgz`,
    ...(archiveSum && { sha256: archiveSum }),
    graph: { path: `${folder}/frozen_graph.pb`, ...(graphSum && { sha256: graphSum }) },
    labels: [{ path: `${folder}/labels.txt`, ...(graphSum && { sha256: labelSum }) }],
    input: {
      node: 'input',
      width: side,
      height: side,
      preparation: preparations['-1..1'],
      resize: 'bilinear',
    },
    // The scores before the softmax, of 1001 classes, as retrain.py has it.
    bottleneck: { nodes: ['MobilenetV1/Predictions/Reshape'], size: 1001 },
    scores: { node: 'MobilenetV1/Predictions/Reshape_1' },
  };
}

export const tensorFlowPacks: readonly PullablePicture[] = [
  inceptionV3,
  ...widths.flatMap((width) => sides.map((side) => mobilenet(width, side))),
];
