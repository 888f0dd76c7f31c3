/** The sigmoid of integers. */

import type { WriteOperator } from './tflite-layers.ts';
import type { ByteSteps } from './tflite-tensor.ts';

/**
 * ONNX Runtime makes a table of 256 integers, from floats that are a little off: an entry that lies a millionth of a step beside the middle of
 * two integers may come out as the other one. So the input is read with a scale that differs by a few millionths, if need be.
 */
export const sigmoid: WriteOperator = (g, { inputs, steps, inputSteps: [from] }) => {
  if (steps === undefined || from === undefined) return g.node('Sigmoid', inputs);
  const { scale, zero } = from;
  const read = { scale, zero, read_scale: scale * clearing(from, steps), read_zero: zero };
  return g.node('Sigmoid', [g.node('InBytes', inputs, read)]);
};

/** The factor nearest to 1 with which all entries are the same, and none is near the middle of two integers; 1 if there is none. */
function clearing(from: ByteSteps, to: ByteSteps): number {
  const entry = (byte: number, factor: number): number =>
    1 / (1 + Math.exp((from.zero - byte) * from.scale * factor)) / to.scale;
  const isClear = (factor: number): boolean =>
    bytes.every((byte) => {
      const value = entry(byte, factor);
      const isSame = Math.round(value) === Math.round(entry(byte, 1));
      return isSame && Math.abs(value - Math.floor(value) - 0.5) > clear;
    });
  return factors.find(isClear) ?? 1;
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte);
const factors = [0, 1, 2, 4, 8].flatMap((millionths) => [1 + millionths * 1e-6, 1 - millionths * 1e-6]);

/** Steps by which an entry of ONNX Runtime's table may be off: some units in the last place of a float. */
const clear = 3e-5;
