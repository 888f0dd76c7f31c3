/** A network spec that compiles in a millisecond: real packaged weights, a graph of two nodes. */

import { faceApiPack } from '../../src/models/face-api.ts';
import { GraphWriter } from '../../src/models/graph/writer.ts';
import type { NetworkSpec } from '../../src/models/pack.ts';

/** Bytes in, the same values as floats out. */
export function toyNetwork(changes: Partial<NetworkSpec> = {}): NetworkSpec {
  return {
    ...faceApiPack.landmarks,
    name: 'toy',
    input: { name: 'pixels', type: 'uint8', shape: ['n', 2, 2, 3] },
    outputs: [{ name: 'values', type: 'float32', shape: ['n', 2, 2, 3] }],
    compile: () => {
      const g = new GraphWriter('toy');
      const pixels = g.input('pixels', 'uint8', ['n', 2, 2, 3]);
      g.output('values', g.node('Cast', [pixels], { to: 1 }), 'float32', ['n', 2, 2, 3]);
      return g.toBytes();
    },
    ...changes,
  };
}
