/** Reads HDF5 files, by the field's own library as WebAssembly: it sees the bytes that it is given, and no other file. */

import { Dataset, File, Group, ready } from 'h5wasm';
import { reasonOf, WhosinError } from '../../../errors.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';

export interface Hdf5 {
  /** The attribute of the file itself, where it is text. */
  text(attribute: string): string | undefined;
  /** The groups and tensors of a group; none where there is no such group. */
  names(group: string): readonly string[];
  /** A list of texts that Keras wrote beside a group, in pieces where it was too long for one. */
  list(group: string, attribute: string): readonly string[];
  /** Throws `bad-weights` if there is no tensor of floats, or it is larger than any layer. */
  tensor(path: string): NumberTensor;
}

/** 1 GB holds any real layer: a damaged size must not ask for all memory. */
const mostValues = 2 ** 28;

/** Calls with the opened file, which is closed afterwards; throws `not-a-model` if it is no HDF5, or is cut off. */
export async function withHdf5<T>(bytes: Uint8Array, file: string, use: (hdf5: Hdf5) => T): Promise<T> {
  const library = await ready;
  const files = library.FS;
  // Without it the library writes a page to the terminal for each error.
  library.activate_throwing_error_handler();
  const path = 'model.h5';
  let opened: File | undefined;
  try {
    files.writeFile(path, bytes);
    opened = new File(path, 'r');
    return use(reading(opened, file));
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const message = `${file} is not an HDF5 file that can be read, or it is cut off (${firstLine(error)}).`;
    throw new WhosinError('not-a-model', message, { cause: error, path: file });
  } finally {
    opened?.close();
    files.unlink(path);
  }
}

function reading(opened: File, file: string): Hdf5 {
  const groupAt = (path: string): Group | undefined => {
    const found = path === '' ? opened : has(opened, path) ? opened.get(path) : undefined;
    return found instanceof Group ? found : undefined;
  };
  return {
    text(attribute) {
      const found = opened.attrs[attribute];
      // A damaged shape must not be read for hours.
      if (found === undefined || (found.shape ?? []).reduce((a, b) => a * b, 1) !== 1) return undefined;
      const { value } = found;
      return typeof value === 'string' ? value : undefined;
    },
    names: (group) => groupAt(group)?.keys() ?? [],
    list(group, attribute) {
      const attributes = groupAt(group)?.attrs ?? {};
      const pieces = Object.keys(attributes).filter(
        (name) => name === attribute || new RegExp(`^${attribute}\\d+$`).test(name),
      );
      const sorted = pieces.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      return sorted.flatMap((name) => [attributes[name]!.value].flat().map(String));
    },
    tensor(path) {
      const found = has(opened, path) ? opened.get(path) : undefined;
      if (found instanceof Dataset) return tensorOf(found, path, file);
      throw new WhosinError('bad-weights', `${file} has no tensor "${path}".`, { path: file });
    },
  };
}

/** The library throws for a path whose beginning is not there. */
function has(opened: File, path: string): boolean {
  let group: Group = opened;
  for (const part of path.split('/')) {
    if (!(group instanceof Group) || !group.keys().includes(part)) return false;
    group = group.get(part) as Group;
  }
  return true;
}

function tensorOf(dataset: Dataset, path: string, file: string): NumberTensor {
  const shape = dataset.shape ?? [];
  const size = shape.reduce((a, b) => a * b, 1);
  if (!(size >= 0 && size <= mostValues)) {
    throw new WhosinError('bad-weights', `${file}: tensor "${path}" has ${size} values.`, { path: file });
  }
  const { value } = dataset;
  if (!(value instanceof Float32Array || value instanceof Float64Array) || value.length !== size) {
    const message = `${file}: tensor "${path}" is stored as ${JSON.stringify(dataset.dtype)}, not as floats.`;
    throw new WhosinError('bad-weights', message, { path: file });
  }
  return { type: 'float', shape, data: value instanceof Float32Array ? value : new Float32Array(value) };
}

function firstLine(error: unknown): string {
  return reasonOf(error).split('\n')[0]!;
}
