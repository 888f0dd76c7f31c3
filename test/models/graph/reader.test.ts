import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../../src/models/graph/reader.ts';
import { GraphWriter } from '../../../src/models/graph/writer.ts';

function model(): Uint8Array {
  const g = new GraphWriter('toy');
  const x = g.input('x', 'float32', ['n', 3]);
  g.metadata('labels', 'Ada\nMühler');
  const weights = g.floats([3, 2], [1, -2, 3.5, 0, 1e-8, 6], 'weights');
  const flat = g.node('Reshape', [g.node('MatMul', [x, weights]), g.ints([1], [-1])]);
  g.output('y', flat, 'float32', ['m']);
  return g.toBytes();
}

function notAModel(message: RegExp): unknown {
  return expect.objectContaining({ code: 'not-a-model', message: expect.stringMatching(message) });
}

describe('readOnnx', () => {
  test('gives back the tensors and the metadata that were written', () => {
    const file = readOnnx(model(), 'people.onnx');
    const data = Float32Array.of(1, -2, 3.5, 0, 1e-8, 6);
    expect(file.tensor('weights')).toEqual({ shape: [3, 2], data });
    expect(file.metadata('labels')).toBe('Ada\nMühler');
    expect(file.metadata('no such key')).toBeUndefined();
  });

  test('reads from the start of a view, not of the buffer behind it', () => {
    const inside = Buffer.concat([Buffer.alloc(5, 0xee), model()]).subarray(5);
    expect(readOnnx(inside, 'people.onnx').tensor('weights').data[2]).toBe(3.5);
  });

  test('a tensor that is not there, or holds no floats, is named with its file', () => {
    const file = readOnnx(model(), 'people.onnx');
    expect(() => file.tensor('bias')).toThrow(notAModel(/people\.onnx.*"bias"/));
    expect(() => file.tensor('constant_1')).toThrow(notAModel(/people\.onnx.*"constant_1"/));
  });

  test('a file that is cut off or no ONNX at all is refused by name', () => {
    const whole = model();
    for (const length of [1, whole.length >> 1, whole.length - 1]) {
      expect(() => readOnnx(whole.subarray(0, length), 'people.onnx')).toThrow(notAModel(/people\.onnx/));
    }
    const photo = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16);
    expect(() => readOnnx(photo, 'photo.jpg')).toThrow(notAModel(/photo\.jpg/));
  });
});
