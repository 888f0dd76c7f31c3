/** TensorFlow's own mobilenet_0.25_224 as a picture pack, from a folder that holds its frozen graph. */

import { resolve } from 'node:path';
import type { PicturePack } from '../src/models/picture-pack.ts';

/** The layer is the one that retrain.py put its own on. */
export function mobilenet025(folder: string): PicturePack {
  return {
    name: 'mobilenet_0.25_224',
    licence: 'Apache-2.0',
    source: 'mobilenet_v1_0.25_224_frozen.tgz of TensorFlow',
    graph: {
      format: 'tensorflow',
      files: [
        {
          folder: resolve(folder),
          path: 'frozen_graph.pb',
          sha256: 'bf56de7d43277493cbf251dc97e5ce3332725f2d134cf62418d666278f9b5ff7',
        },
      ],
    },
    input: {
      node: 'input',
      width: 224,
      height: 224,
      preparation: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
      resize: 'bilinear',
    },
    bottleneck: { nodes: ['MobilenetV1/Predictions/Reshape'], size: 1001 },
  };
}
