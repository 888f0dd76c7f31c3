import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { softmax } from '../../src/learn/layer/head.ts';
import { logitsOf } from '../../src/learn/layer/labelled-vectors.ts';
import { GraphWriter } from '../../src/models/graph/writer.ts';
import { type PictureModel, readPictureModel, writePictureModel } from '../../src/pictures/picture-model.ts';
import { drawVector, seededNormal } from '../synthetic-people.ts';

const normal = seededNormal(1);
const model: PictureModel = {
  backbone: 'toy',
  space: 'toy/1',
  labels: ['Ant & Co', 'löwe', ' '],
  head: { weights: drawVector(12, normal), bias: drawVector(3, normal) },
  report: { photos: 3 },
};

test('a model comes back as it was written, names exactly', () => {
  expect(readPictureModel(writePictureModel(model), 'x.onnx')).toEqual(model);
});

test('the same model gives the same bytes', () => {
  expect(writePictureModel(model)).toEqual(writePictureModel(model));
});

test('any ONNX runtime gives the probabilities', async () => {
  const session = await InferenceSession.create(writePictureModel(model), { logSeverityLevel: 3 });
  const input = drawVector(4, normal);
  const { probabilities } = await session.run({ bottleneck: new Tensor('float32', input, [1, 4]) });
  const wanted = softmax(logitsOf(model.head, input));
  for (const [i, p] of wanted.entries()) expect((probabilities!.data as Float32Array)[i]).toBeCloseTo(p, 5);
});

describe('refused', () => {
  test.each([
    ['no ONNX', new Uint8Array(20), 'is not a model file'],
    ['a cut-off file', writePictureModel(model).subarray(0, 200), 'cut off'],
    ['another kind of ONNX file', otherKind(), 'is not a model of pictures'],
    [
      'a layer that does not fit its labels',
      writePictureModel({ ...model, labels: ['a', 'b'] }),
      'do not fit',
    ],
    ['the same name twice', writePictureModel({ ...model, labels: ['a', 'a', 'b'] }), 'do not fit'],
    [
      'weights that are no numbers',
      writePictureModel({ ...model, head: { ...model.head, bias: Float32Array.of(0, Number.NaN, 0) } }),
      'do not fit',
    ],
  ])('%s', (_what, bytes, message) => {
    expect(() => readPictureModel(bytes, 'x.onnx')).toThrow(
      expect.objectContaining({ code: 'not-a-model', message: expect.stringContaining(message) }),
    );
  });
});

function otherKind(): Uint8Array {
  const g = new GraphWriter('other');
  const x = g.input('x', 'float32', ['n']);
  g.output('y', x, 'float32', ['n']);
  return g.toBytes();
}
