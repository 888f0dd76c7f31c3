/** TensorFlow's own smallest MobileNets as picture packs, from folders that hold their frozen graphs. */

import { resolve } from 'node:path';
import type { PicturePack } from '../../src/models/picture-pack.ts';

const sha256 = {
  224: 'bf56de7d43277493cbf251dc97e5ce3332725f2d134cf62418d666278f9b5ff7',
  128: '76fec915bb13a76014a1863ff0976f848d8506388a76fe571e7b366541cc812f',
} as const;

/** The layer is the one that retrain.py put its own on. */
export function mobilenet025(folder: string, side: keyof typeof sha256 = 224): PicturePack {
  return {
    kind: 'picture',
    name: `mobilenet_0.25_${side}`,
    licence: 'Apache-2.0',
    source: `mobilenet_v1_0.25_${side}_frozen.tgz of TensorFlow`,
    graph: {
      format: 'tensorflow',
      files: [
        {
          folder: resolve(folder),
          path: 'frozen_graph.pb',
          sha256: sha256[side],
        },
      ],
    },
    input: {
      node: 'input',
      width: side,
      height: side,
      preparation: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
      resize: 'bilinear',
    },
    bottleneck: { nodes: ['MobilenetV1/Predictions/Reshape'], size: 1001 },
  };
}
