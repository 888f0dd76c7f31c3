/** A network that compiles in a millisecond: a real file of TensorFlow.js with one node. */

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkSpec } from '../../src/models/network.ts';
import type { FolderFile } from '../../src/models/weight-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const model = {
  modelTopology: {
    node: [
      { name: 'picture', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'same', op: 'Identity', input: ['picture'], attr: { T: { type: 'DT_FLOAT' } } },
    ],
  },
  weightsManifest: [],
};

/** Bytes in, the same values as floats out; its files are there until the test is over. */
export async function toyNetwork(changes: Partial<NetworkSpec> = {}): Promise<NetworkSpec> {
  const folder = await temporaryFolder();
  const put = async (path: string, content: string): Promise<FolderFile> => {
    await writeFile(join(folder, path), content);
    return { folder, path, sha256: createHash('sha256').update(content).digest('hex') };
  };
  return {
    name: 'toy',
    input: { name: 'pixels', type: 'uint8', shape: ['n', 2, 2, 3] },
    outputs: [{ name: 'values', type: 'float32', shape: ['n', 2, 2, 3] }],
    files: [await put('model.json', JSON.stringify(model)), await put('weights.bin', '')],
    compiler: {
      name: 'tensorflow-js',
      version: 1,
      settings: {
        name: 'toy',
        inputs: [
          {
            node: 'picture',
            name: 'pixels',
            shape: ['n', 2, 2, 3],
            preparation: { mean: [0, 0, 0], scale: 1 },
          },
        ],
        outputs: [{ node: 'same', name: 'values' }],
      },
    },
    licence: 'none',
    source: 'made in a test',
    ...changes,
  };
}
