/** SavedModels made in code: functions that call functions, and variables that the graph restores itself. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { WhosinError } from '../../../../src/errors.ts';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { readSavedModel } from '../../../../src/models/graph/tensorflow/saved-model.ts';
import { calls, data, entry, functionOf, index, savedModel, table, usual } from './toy-saved-model.ts';
import { node, runOnnx } from './toy-tensorflow.ts';

async function answerOf(...files: readonly Uint8Array[]): Promise<readonly number[]> {
  const graph = readSavedModel(files, 'saved_model.pb');
  const compiled = compileTensorFlow(graph, {
    name: 'toy',
    inputs: [{ node: 'serving_x', name: 'x' }],
    outputs: [{ node: 'call/inner/MatMul', name: 'y' }],
  });
  const { y } = await runOnnx(compiled.bytes, { x: new Tensor('float32', Float32Array.of(1, 10), [1, 2]) });
  return [...y!.values];
}

function refusal(...files: readonly Uint8Array[]): string {
  try {
    readSavedModel(files, 'saved_model.pb');
  } catch (error) {
    if (error instanceof WhosinError) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

test('functions are written out, and variables are read under the keys that the graph restores them by', async () => {
  expect(await answerOf(savedModel(), index, data)).toEqual([41, 52, 63]);
});

test('only what the answer needs is left: nothing that restores', () => {
  const { nodes } = readSavedModel([savedModel(), index, data], 'saved_model.pb');
  expect([...nodes.values()].map(({ name, op }) => `${name} ${op}`).toSorted()).toEqual([
    'call/inner/MatMul MatMul',
    'call/inner/read ReadVariableOp',
    'kernel Const',
    'serving_x Placeholder',
  ]);
});

describe('what is refused, with a sentence', () => {
  test.each([
    [
      'variables that are not there',
      [savedModel()],
      /has its variables in another folder: keep the folder "variables" beside it/,
    ],
    [
      'data that is cut off',
      [savedModel(), index, data.subarray(0, 20)],
      /the bytes of "layer\/kernel" are not there/,
    ],
    [
      'a table that is cut off',
      [savedModel(), index.subarray(0, -9), data],
      /variables.index cannot be read: it has no end/,
    ],
    [
      'a table without the variable',
      [savedModel(), table([[0, 'x', entry(0, 1)]]), data],
      /they lack "layer\/kernel"/,
    ],
    [
      'a table that is packed',
      [savedModel(), table([[0, 'x', entry(0, 1)]], 1), data],
      /packed with Snappy, which whosin does not unpack/,
    ],
    [
      'a function that is not in the file',
      [savedModel(usual().slice(1)), index, data],
      /node "call" calls a function that is not in the file/,
    ],
    ['no SavedModel', [Uint8Array.of(8, 1)], /is a SavedModel without a signature that can be asked/],
  ])('%s', (_what, files, message) => {
    expect(refusal(...files)).toMatch(message);
  });

  test('functions that call themselves without end', () => {
    const [, ...others] = usual();
    const itself = functionOf('outer', ['x', 'handle'], { out: 'again:output:0' }, [
      node('again', 'PartitionedCall', ['x', 'handle'], { f: calls('outer') }),
    ]);
    expect(refusal(savedModel([itself, ...others]), index, data)).toMatch(
      /its functions call each other more than 30 deep/,
    );
  });

  test('a file that is cut off at any place', () => {
    const whole = savedModel();
    for (let length = 0; length < whole.length; length += 11) {
      expect(refusal(whole.subarray(0, length), index, data)).toMatch(/saved_model\.pb/);
    }
  });
});
