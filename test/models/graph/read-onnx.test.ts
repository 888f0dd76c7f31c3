import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { floatsOf } from '../../../src/models/graph/quantisable.ts';
import { readOnnx } from '../../../src/models/graph/read-onnx.ts';
import { parseOnnx } from '../../../src/models/graph/reader.ts';
import { wireFields } from '../../../src/models/graph/wire.ts';
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

  test('reads what the library of Protocol Buffers reads', async () => {
    const shipped = await readFile(new URL('../../../weights/dlib-128-faceres-1024.onnx', import.meta.url));
    const [own, library] = [readOnnx(shipped, 'shipped'), parseOnnx(shipped, 'shipped')];
    const tensors = library.graph!.initializer.filter(
      ({ dataType, dims }) => dataType === 1 && dims.length > 0,
    );
    expect(tensors.length).toBeGreaterThan(5);
    for (const tensor of tensors) {
      expect(own.tensor(tensor.name)).toEqual({ shape: tensor.dims.map(Number), data: floatsOf(tensor) });
    }
    expect(library.metadataProps.length).toBeGreaterThan(0);
    for (const { key, value } of library.metadataProps) expect(own.metadata(key)).toBe(value);
  });
});

describe('wireFields', () => {
  test.each([
    ['a number', [0x08, 0x96, 0x01], [[1, 150]]],
    ['bytes', [0x12, 0x02, 0x68, 0x69], [[2, Uint8Array.of(0x68, 0x69)]]],
    [
      'four bytes and eight',
      [0x1d, 0, 0, 0x80, 0x3f, 0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
      [
        [3, 1],
        [4, 1],
      ],
    ],
  ])('reads %s', (_, bytes, fields) => {
    expect([...wireFields(Uint8Array.from(bytes))]).toEqual(fields);
  });

  test.each([
    ['a number that is cut off', [0x08, 0x96]],
    ['bytes that are cut off', [0x12, 0x03, 0x68]],
    ['four bytes of which one is missing', [0x1d, 0, 0, 0x80]],
    ['a group, which nothing has any more', [0x0b]],
    ['the field 0', [0x00, 0x01]],
    ['eleven bytes of one number', [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
  ])('refuses %s', (_, bytes) => {
    expect(() => [...wireFields(Uint8Array.from(bytes))]).toThrow(RangeError);
  });
});
