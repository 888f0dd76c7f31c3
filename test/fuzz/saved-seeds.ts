/** SavedModels and TensorFlow Lite files that the fuzzers begin with. */

import { data, index, savedModel } from '../models/graph/tensorflow/toy-saved-model.ts';
import { toyTflite, types } from '../models/graph/tflite/toy-tflite.ts';
import { together } from './reader.ts';

export function savedModelSeeds(): readonly Uint8Array[] {
  return [together(savedModel(), together(index, data))];
}

export function tfliteSeeds(): readonly Uint8Array[] {
  const input = { name: 'x', shape: [1, 4, 4, 3] };
  const filters = { name: 'w', shape: [2, 1, 1, 3], data: Float32Array.from({ length: 6 }, (_, i) => i / 3) };
  const moves = { 0: { byte: 1 }, 1: { int: 1 }, 2: { int: 1 } } as const;
  const mean = { name: 'axes', shape: [2], type: types.int, data: Int32Array.of(1, 2) };
  const layer = { name: 'v', shape: [3, 2], data: Float32Array.from({ length: 6 }, (_, i) => i - 2) };
  const tail = [mean, { name: 'means', shape: [1, 2] }, layer, { name: 'y', shape: [1, 3] }];
  const floats = toyTflite(
    [input, filters, { name: 'c', shape: [1, 4, 4, 2] }, ...tail],
    [
      { code: 3, inputs: [0, 1, -1], output: 2, options: moves },
      { code: 40, inputs: [2, 3], output: 4 },
      { code: 9, inputs: [4, 5, -1], output: 6 },
    ],
  );
  const integers = toyTflite(
    [
      { ...input, type: types.uint8, scales: [1 / 127.5], zeros: [127] },
      { ...filters, type: types.int8, data: Int8Array.from({ length: 6 }, (_, i) => i), scales: [0.1, 0.2] },
      { name: 'c', shape: [1, 4, 4, 2], type: types.int8, scales: [0.05], zeros: [3] },
      ...tail,
    ],
    [
      { code: 3, inputs: [0, 1, -1], output: 2, options: moves },
      { code: 40, inputs: [2, 3], output: 4 },
      { code: 9, inputs: [4, 5, -1], output: 6 },
    ],
  );
  const bytes = { type: types.int8, scales: [0.05], zeros: [3] };
  const picture = { shape: [1, 4, 4, 3], ...bytes };
  const arithmetic = toyTflite(
    [
      { ...picture, name: 'x' },
      { ...picture, name: 'one', shape: [1], data: Int8Array.of(20) },
      { ...picture, name: 'sum', scales: [0.1] },
      { ...picture, name: 'sigmoid', scales: [1 / 256], zeros: [-128] },
      { ...picture, name: 'product' },
      { ...picture, name: 'mean', shape: [1, 2, 2, 3] },
      {
        name: 'v',
        shape: [3, 12],
        type: types.int8,
        data: Int8Array.from({ length: 36 }, (_, i) => i - 18),
        scales: [0.1],
      },
      { ...bytes, name: 'y', shape: [1, 3] },
    ],
    [
      { code: 0, inputs: [0, 1], output: 2 },
      { code: 14, inputs: [2], output: 3 },
      { code: 18, inputs: [2, 3], output: 4 },
      {
        code: 1,
        inputs: [4],
        output: 5,
        options: { ...moves, 1: { int: 2 }, 2: { int: 2 }, 3: { int: 2 }, 4: { int: 2 } },
      },
      { code: 9, inputs: [5, 6, -1], output: 7 },
    ],
  );
  return [floats, integers, arithmetic];
}
