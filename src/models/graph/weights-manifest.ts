/**
 * Reads TensorFlow.js weight files: a JSON manifest that lists tensors in order, and their bytes one after
 * another. A quantised tensor is stored as integers q with value q·scale + min, or as float16.
 * Source: tfjs-core, io/io_utils.ts (decodeWeights), Apache-2.0.
 */

import * as v from 'valibot';
import { float16 } from '../../core/half-float.ts';
import { WhosinError } from '../../errors.ts';
import type { NumberTensor } from './tensorflow/tensor-proto.ts';
import type { Tensor } from './writer.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const entry = v.object({
  name: v.string(),
  shape: v.array(size),
  dtype: v.string(),
  quantization: v.exactOptional(
    v.object({
      dtype: v.string(),
      scale: v.exactOptional(v.number()),
      min: v.exactOptional(v.number()),
    }),
  ),
});
const groupsOfEntries = v.array(v.object({ weights: v.array(entry) }));

/** Looks a tensor up by name; throws `bad-weights` where the file has none of that name. */
export type Weights = (name: string) => Tensor;

/**
 * @param manifest text of `*-weights_manifest.json`
 * @param bytes the weight file that it describes
 */
export function readWeights(manifest: string, bytes: Uint8Array, file: string): Weights {
  const tensors = readWeightGroups(JSON.parse(manifest), bytes, file);
  return (name) => {
    const { shape, data } = tensors(name);
    return { shape, data: Float32Array.from(data) };
  };
}

/**
 * The tensors as what they were before quantisation.
 *
 * @param manifest what its JSON holds: it may come from anywhere
 */
export function readWeightGroups(
  manifest: unknown,
  bytes: Uint8Array,
  file: string,
): (name: string) => NumberTensor {
  const groups = groupsOf(manifest, file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, NumberTensor>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of groups.flatMap((group) => group.weights)) {
    const count = shape.reduce((a, b) => a * b, 1);
    const { width, read } = storage(name, quantization?.dtype ?? dtype, view, file);
    if (offset + count * width > bytes.byteLength) {
      throw new WhosinError('bad-weights', `${file} ends before tensor "${name}": fetch it again.`);
    }
    const { scale = 1, min = 0 } = quantization ?? {};
    const type = dtype === 'bool' ? 'bool' : dtype === 'int32' ? 'int' : 'float';
    const data = type === 'float' ? new Float32Array(count) : new Float64Array(count);
    for (let i = 0; i < count; i++) data[i] = read(offset + i * width) * scale + min;
    tensors.set(name, { type, shape, data: type === 'int' ? data.map(Math.round) : data });
    offset += count * width;
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

/** The names of the tensors that a manifest lists; throws `bad-weights`. */
export function weightNames(manifest: unknown, file: string): readonly string[] {
  return groupsOf(manifest, file).flatMap(({ weights }) => weights.map(({ name }) => name));
}

function groupsOf(manifest: unknown, file: string): v.InferOutput<typeof groupsOfEntries> {
  const { success, output, issues } = v.safeParse(groupsOfEntries, manifest);
  if (success) return output;
  const place = v.getDotPath(issues[0]) ?? 'all of it';
  throw new WhosinError('bad-weights', `${file} is damaged: its list of weights makes no sense (${place}).`);
}

function storage(
  name: string,
  stored: string,
  view: DataView,
  file: string,
): { readonly width: number; readonly read: (offset: number) => number } {
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
      throw new WhosinError('bad-weights', `${file}: tensor "${name}" is stored as ${stored}.`);
  }
}
