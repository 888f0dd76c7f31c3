/** Weights that are stored in another form than they are used in: the operator that turns them is no part of the network. */

import type { LiteModel } from './tflite-model.ts';

/** DEQUANTIZE, by the number of the schema. */
const dequantize = 6;

/** The model with the constants in the place of what is calculated from them: floats of 16 bits, integers with a scale. */
export function withStoredConstants(model: LiteModel): LiteModel {
  const tensors = [...model.tensors];
  const operators = model.operators.filter(({ code, inputs: [from = -1], outputs: [to = -1] }) => {
    const [stored, used] = [tensors[from], tensors[to]];
    if (code !== dequantize || !stored || !used || stored.data.length === 0) return true;
    tensors[to] = { ...stored, name: used.name };
    return false;
  });
  return { ...model, tensors, operators };
}
