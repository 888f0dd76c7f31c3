/** Keras models that the fuzzers begin with. */

import { toyApplications } from '../models/graph/keras/toy-applications.ts';
import { together, utf8 } from './reader.ts';

const toys = Object.values(toyApplications);

export function layersSeeds(): readonly Uint8Array[] {
  return toys.map((make) => {
    const { json, weights } = make().layersModel();
    return together(utf8(json), weights);
  });
}

export const kerasSeeds = {
  hdf5: await Promise.all(toys.slice(0, 2).map((make) => make().hdf5())),
  archives: await Promise.all(toys.slice(0, 2).map((make) => make().archive())),
};
