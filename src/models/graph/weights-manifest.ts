/**
 * Reads TensorFlow.js weight files: a JSON manifest that lists tensors in order, and their bytes one after
 * another. A quantised tensor is stored as integers q with value q·scale + min, or as float16.
 * Source: tfjs-core, io/io_utils.ts (decodeWeights), Apache-2.0.
 */

import { float16 } from '../../core/half-float.ts';
import { WhosinError } from '../../errors.ts';
import type { NumberTensor } from './tensorflow/tensor-proto.ts';
import type { Tensor } from './writer.ts';

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

export type WeightGroups = readonly { readonly weights: readonly ManifestEntry[] }[];

/** Looks a tensor up by name; throws `bad-weights` where the file has none of that name. */
export type Weights = (name: string) => Tensor;

/**
 * @param manifest text of `*-weights_manifest.json`
 * @param bytes the weight file that it describes
 */
export function readWeights(manifest: string, bytes: Uint8Array, file: string): Weights {
  const tensors = readWeightGroups(JSON.parse(manifest) as WeightGroups, bytes, file);
  return (name) => {
    const { shape, data } = tensors(name);
    return { shape, data: Float32Array.from(data) };
  };
}

/** The tensors as what they were before quantisation. */
export function readWeightGroups(
  groups: WeightGroups,
  bytes: Uint8Array,
  file: string,
): (name: string) => NumberTensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, NumberTensor>();
  let offset = 0;
  for (const entry of groups.flatMap((group) => group.weights)) {
    const size = entry.shape.reduce((a, b) => a * b, 1);
    const { width, read } = storage(entry, view, file);
    if (offset + size * width > bytes.byteLength) {
      throw new WhosinError('bad-weights', `${file} ends before tensor "${entry.name}": fetch it again.`);
    }
    const { scale = 1, min = 0 } = entry.quantization ?? {};
    const type = entry.dtype === 'bool' ? 'bool' : entry.dtype === 'int32' ? 'int' : 'float';
    const data = type === 'float' ? new Float32Array(size) : new Float64Array(size);
    for (let i = 0; i < size; i++) data[i] = read(offset + i * width) * scale + min;
    tensors.set(entry.name, { type, shape: entry.shape, data: type === 'int' ? data.map(Math.round) : data });
    offset += size * width;
  }
  if (offset !== bytes.byteLength) {
    throw new WhosinError(
      'bad-weights',
      `${file} holds ${bytes.byteLength} bytes, its manifest ${offset}: the two do not belong together.`,
    );
  }
  return (name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new WhosinError('bad-weights', `${file} has no tensor "${name}".`);
    return tensor;
  };
}

function storage(
  entry: ManifestEntry,
  view: DataView,
  file: string,
): { readonly width: number; readonly read: (offset: number) => number } {
  const stored = entry.quantization?.dtype ?? entry.dtype;
  switch (stored) {
    case 'bool':
    case 'uint8':
      return { width: 1, read: (at) => view.getUint8(at) };
    case 'uint16':
      return { width: 2, read: (at) => view.getUint16(at, true) };
    case 'float16':
      return { width: 2, read: (at) => float16(view.getUint16(at, true)) };
    case 'int32':
      return { width: 4, read: (at) => view.getInt32(at, true) };
    case 'float32':
      return { width: 4, read: (at) => view.getFloat32(at, true) };
    default:
      throw new WhosinError('bad-weights', `${file}: tensor "${entry.name}" is stored as ${stored}.`);
  }
}
