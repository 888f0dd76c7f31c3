/** Reads what Keras stores in HDF5 files: texts and lists of texts beside groups, and tensors of floats. */

import { reasonOf, WhosinError } from '../../../errors.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import { inHdf5Library, type OpenHdf5 } from './hdf5-library.ts';

export interface Hdf5 {
  /** The attribute of the file itself, where it is one text. */
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

/** Calls with the opened file; throws `not-a-model` if it is no HDF5, is cut off, or cannot be read in time. */
export async function withHdf5<T>(bytes: Uint8Array, file: string, use: (hdf5: Hdf5) => T): Promise<T> {
  try {
    return await inHdf5Library(bytes, (opened) => use(reading(opened, file)));
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const message = `${file} is not an HDF5 file that can be read, or it is cut off (${firstLine(error)}).`;
    throw new WhosinError('not-a-model', message, { cause: error, path: file });
  }
}

function reading(opened: OpenHdf5, file: string): Hdf5 {
  const { library, id } = opened;
  const kindOf = kinds(opened);
  const isGroup = (path: string): boolean => kindOf(path) === library.H5G_GROUP;
  const attributesOf = (group: string): readonly string[] => library.get_attribute_names(id, `/${group}`);
  return {
    text(attribute) {
      if (!attributesOf('').includes(attribute)) return undefined;
      const { shape } = library.get_attribute_metadata(id, '/', attribute);
      // A damaged shape must not be read for hours.
      return shape?.length === 0 ? textsOf(opened, '/', attribute)[0] : undefined;
    },
    names: (group) => (isGroup(group) ? library.get_names(id, `/${group}`, false) : []),
    list(group, attribute) {
      if (!isGroup(group)) return [];
      const isPiece = new RegExp(`^${attribute}\\d*$`);
      const pieces = attributesOf(group).filter((name) => isPiece.test(name));
      const sorted = pieces.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      return sorted.flatMap((name) => textsOf(opened, `/${group}`, name));
    },
    tensor(path) {
      if (kindOf(path) === library.H5G_DATASET) return tensorOf(opened, path, file);
      throw new WhosinError('bad-weights', `${file} has no tensor "${path}".`, { path: file });
    },
  };
}

/**
 * The kind of a path, by the library's number; nothing where there is nothing, for which the library would throw. Each group is listed
 * once: DenseNet has more than a thousand tensors, most of them in groups beside each other.
 */
function kinds({ library, id }: OpenHdf5): (path: string) => number | undefined {
  const members = new Map<string, ReadonlySet<string>>();
  const has = (group: string, name: string): boolean => {
    const known = members.get(group) ?? new Set(library.get_names(id, group || '/', false));
    members.set(group, known);
    return known.has(name);
  };
  const found = new Map<string, number | undefined>();
  const kindOf = (path: string): number | undefined => {
    if (path === '') return library.get_type(id, '/');
    if (found.has(path)) return found.get(path);
    const [, above = '', name = path] = /^(.*)\/(.*)$/.exec(path) ?? [];
    const isThere = kindOf(above) === library.H5G_GROUP && has(above, name);
    found.set(path, isThere ? library.get_type(id, `/${path}`) : undefined);
    return found.get(path);
  };
  return kindOf;
}

/** None if the attribute holds anything but texts. */
function textsOf({ library, id }: OpenHdf5, group: string, attribute: string): readonly string[] {
  const { type, size, total_size: count, vlen } = library.get_attribute_metadata(id, group, attribute);
  if (type !== library.H5T_class_t.H5T_STRING.value) return [];
  const place = allocated(library, size * count);
  library.get_attribute_data(id, group, attribute, BigInt(place));
  const heap = library.HEAPU8;
  const pointers = new DataView(heap.buffer);
  return Array.from({ length: count }, (_, i) => {
    const entry = place + i * size;
    const from = vlen ? pointers.getUint32(entry, true) : entry;
    const end = heap.indexOf(0, from);
    // Keras writes UTF-8, and some versions called it ASCII.
    return new TextDecoder().decode(heap.subarray(from, vlen ? end : Math.min(end, entry + size)));
  });
}

function tensorOf({ library, id }: OpenHdf5, path: string, file: string): NumberTensor {
  const { type, size, shape } = library.get_dataset_metadata(id, `/${path}`);
  const count = (shape ?? []).reduce((a, b) => a * b, 1);
  if (!(count >= 0 && count <= mostValues)) {
    throw new WhosinError('bad-weights', `${file}: tensor "${path}" has ${count} values.`, { path: file });
  }
  const Floats = { 4: Float32Array, 8: Float64Array }[size];
  if (type !== library.H5T_class_t.H5T_FLOAT.value || shape === null || Floats === undefined) {
    const message = `${file}: tensor "${path}" does not hold floats of 32 or 64 bits.`;
    throw new WhosinError('bad-weights', message, { path: file });
  }
  const place = allocated(library, size * count);
  library.get_dataset_data(id, `/${path}`, null, null, null, BigInt(place));
  const floats = new Floats(library.HEAPU8.slice(place, place + size * count).buffer);
  library._free(place);
  return { type: 'float', shape, data: floats instanceof Float32Array ? floats : new Float32Array(floats) };
}

function allocated(library: OpenHdf5['library'], bytes: number): number {
  const place = bytes <= library.MAXIMUM_MEMORY ? library._malloc(bytes) : 0;
  if (place === 0) throw new Error(`there is no memory for ${bytes} bytes`);
  return place;
}

function firstLine(error: unknown): string {
  return reasonOf(error).split('\n')[0]!;
}
