/** Writes the first convolution of a network of 8 bits, on the bytes of photos as they are. */

import { inFours, inPhotoOrder, quantiseWeights } from './byte-filters.ts';
import type { ByteNodes, Quantised } from './byte-nodes.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { hasPadding, haveOneMean, type PhotoBytes, takesFours } from './photo-bytes.ts';
import type { Convolution } from './quantisable.ts';
import { attributeOf } from './writer.ts';

export function isReadable(convolution: Convolution, photo: PhotoBytes): boolean {
  const readsAll = convolution.weights.dims[1] === 3n;
  const canPad = haveOneMean(photo) || !hasPadding(convolution.node) || takesFours(convolution, photo);
  return readsAll && canPad;
}

/** Reads the bytes of the photo as they are. */
export function writeFirst(
  w: ByteNodes,
  first: Convolution,
  photo: PhotoBytes,
  y: Quantised,
  weightBits: 7 | 8,
): void {
  const zero = Math.round(photo.means.reduce((a, b) => a + b) / photo.means.length);
  const leftOver = photo.means.map((mean) => zero - mean);
  const x = w.announce(first.input, photo.scale, zero, leftOver);
  const filters = inPhotoOrder(
    quantiseWeights(first, x, weightBits === 7 ? '16 bits for any two' : 'any'),
    photo.order,
  );
  const [toPlanes, toPixels] = [
    [0, 3, 1, 2],
    [0, 2, 3, 1],
  ].map((perm) => [attributeOf('perm', perm)]);
  if (!takesFours(first, photo)) {
    w.add('Transpose', [photo.input], x.name, toPlanes);
    w.convolution(y.name, x, y, filters, first.node.attribute);
    return;
  }
  const fours = `${x.name}_fours`;
  const columns = `${y.name}_columns`;
  w.add('Reshape', [photo.input, w.ints(`${fours}_shape`, [0, 0, -1, 12])], fours);
  const framed = haveOneMean(photo) ? fours : writeFrame(w, fours, photo);
  w.add('Transpose', [framed], x.name, toPlanes);
  const other = first.node.attribute.filter(
    ({ name }) => !['kernel_shape', 'strides', 'pads', 'auto_pad'].includes(name),
  );
  const pads = attributeOf('pads', framed === fours ? [0, 0, 1, 1] : [0, 0, 0, 0]);
  const like = [...other, attributeOf('kernel_shape', [3, 2]), attributeOf('strides', [2, 1]), pads];
  w.convolution(columns, x, y, inFours(filters), like);
  w.add('Transpose', [columns], `${columns}_pixels`, toPixels);
  const shape = w.ints(`${columns}_shape`, [0, 0, -1, filters.shape[0]!]);
  w.add('Reshape', [`${columns}_pixels`, shape], `${columns}_apart`);
  w.add('Transpose', [`${columns}_apart`], y.name, toPlanes);
}

/** Four pixels on the right and one below, in the photo's mean colour: padding that is nothing to each channel. */
function writeFrame(w: ByteNodes, fours: string, { means, order }: PhotoBytes): string {
  const colour = new Uint8Array(12);
  for (const [i, to] of order.entries()) {
    for (let pixel = 0; pixel < 4; pixel++) colour[pixel * 3 + to] = Math.round(means[i]!);
  }
  const border = w.constant(`${fours}_mean`, DataType.UINT8, [1, 1, 1, 12], colour);
  let framed = fours;
  for (const axis of [2, 1]) {
    const side = `${fours}_side_${axis}`;
    // As long as the picture along the other axis, and one along its own.
    w.add('Shape', [framed], `${side}_of`);
    const ends = w.ints(`${side}_ends`, [axis]);
    const one = w.ints(`${side}_one`, [1]);
    w.add('ScatterElements', [`${side}_of`, ends, one], `${side}_shape`);
    w.add('Expand', [border, `${side}_shape`], side);
    w.add('Concat', [framed, side], `${fours}_framed_${axis}`, [attributeOf('axis', axis)]);
    framed = `${fours}_framed_${axis}`;
  }
  return framed;
}
