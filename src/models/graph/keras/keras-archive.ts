/** Reads `.keras` archives, the format of Keras 3: a ZIP with the network as JSON and its weights as HDF5. */

import { unzipSync } from 'fflate';
import { reasonOf, WhosinError } from '../../../errors.ts';
import type { TensorFlowGraph } from '../tensorflow/tensorflow-graph.ts';
import { readKerasParts } from './keras-hdf5.ts';

/** Larger than Node reads a file: an archive of nothing but zeros must not fill memory. */
const mostBytes = 2 ** 31 - 1;

const members = ['config.json', 'model.weights.h5'] as const;

/** Throws `not-a-model` if it is no such archive, or is cut off. */
export async function readKerasArchive(bytes: Uint8Array, file: string): Promise<TensorFlowGraph> {
  const [config, weights] = unpacked(bytes, file);
  if (config !== undefined && weights !== undefined) {
    return readKerasParts(new TextDecoder().decode(config), weights, file);
  }
  throw WhosinError.about(
    'not-a-model',
    file,
    'is a ZIP archive, but no .keras model: unpack it and name the folder',
  );
}

function unpacked(bytes: Uint8Array, file: string): readonly (Uint8Array | undefined)[] {
  let left = mostBytes;
  const isWanted = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (!members.some((member) => member === name)) return false;
    left -= originalSize;
    if (left < 0) throw new Error('it unpacks to more than 2 GB');
    return true;
  };
  try {
    const found = unzipSync(bytes, { filter: isWanted });
    return members.map((member) => found[member]);
  } catch (error) {
    const reason = `is not a ZIP archive that can be read, or it is cut off (${reasonOf(error)})`;
    throw WhosinError.about('not-a-model', file, reason, error);
  }
}
