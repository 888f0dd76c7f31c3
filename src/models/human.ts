/** Networks whose weights come inside the npm package `@vladmandic/human`. */

import type { PackagedNetwork } from './network.ts';
import type { PackagedFile } from './weight-file.ts';

function file(path: string, sha256: string): PackagedFile {
  return { package: '@vladmandic/human', path: `models/${path}`, sha256 };
}

/** MediaPipe's face mesh: points of the face in three dimensions, from any side that shows an eye. */
export const faceMesh: PackagedNetwork = {
  name: 'human-facemesh',
  input: { name: 'faces', type: 'uint8', shape: ['n', 192, 192, 3] },
  outputs: [
    { name: 'landmarks', type: 'float32', shape: ['n', 1404] },
    { name: 'presence', type: 'float32', shape: ['n', 1] },
  ],
  files: [
    file('facemesh.json', 'b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7'),
    file('facemesh.bin', '3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b'),
  ],
  compiler: {
    name: 'tensorflow-js',
    version: 4,
    settings: {
      name: 'human-facemesh',
      inputs: [
        {
          node: 'input_1',
          name: 'faces',
          shape: ['n', 192, 192, 3],
          preparation: { mean: [0, 0, 0], scale: 1 / 255 },
        },
      ],
      outputs: [
        { node: 'Identity_2', name: 'landmarks' },
        { node: 'Identity_1', name: 'presence' },
      ],
    },
  },
  licence: 'Apache-2.0',
  source: 'MediaPipe Face Mesh by Google, as carried by human',
};

/** A MobileNet that tells 8,631 people of VGGFace2 apart; what it sees before its heads for age and gender. */
export const faceRes: PackagedNetwork = {
  name: 'human-faceres',
  input: { name: 'faces', type: 'uint8', shape: ['n', 224, 224, 3] },
  outputs: [{ name: 'embeddings', type: 'float32', shape: ['n', 1024] }],
  files: [
    file('faceres.json', '5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df'),
    file('faceres.bin', '2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b'),
  ],
  compiler: {
    name: 'tensorflow-js',
    version: 3,
    settings: {
      name: 'human-faceres',
      inputs: [
        {
          node: 'input_1',
          name: 'faces',
          shape: ['n', 224, 224, 3],
          preparation: { mean: [103.939, 116.779, 123.68], scale: 1, order: 'bgr' },
        },
      ],
      outputs: [{ node: 'global_pooling/Mean', name: 'embeddings' }],
    },
  },
  ranges: {
    own: 'human-faceres-ranges.json',
    sha256: '0723678b2999c4711c9b8e7ca7d2330597d236f1a82e21911f57dabd300a4388',
  },
  licence: 'MIT (as published in the package)',
  source: 'HSE-FaceRes by Andrey Savchenko, trained on VGGFace2, as carried by human',
};
