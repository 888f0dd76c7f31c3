import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { writeBackground } from '../../../src/faces/people/write-background.ts';
import { project } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { readOnnx } from '../../../src/models/graph/read-onnx.ts';
import { crowdedBackground, drawVector, seededNormal, toyBackground } from '../../synthetic-people.ts';

test('the background of the default pack loads, and its numbers make sense', async () => {
  const { mean, basis, between, scale, offset } = await loadBackground(faceApiPack);
  expect(mean).toHaveLength(1152);
  expect(basis).toHaveLength(1152 * between.length);
  expect(Math.min(...between.subarray(0, -1))).toBeGreaterThan(0);
  expect(between.at(-1), 'the coordinate of the crowd').toBe(0);
  expect(scale).toBeGreaterThan(0);
  expect([...mean, ...basis, ...between, scale, offset].every(Number.isFinite)).toBe(true);
});

test('it says where it comes from', async () => {
  const file = new URL(`../../../weights/${faceApiPack.background.own}`, import.meta.url);
  const onnx = readOnnx(await readFile(file), 'background');
  expect(onnx.metadata('whosin.space')).toBe(faceApiPack.space);
  expect(onnx.metadata('whosin.provenance')).toBeTruthy();
});

test('that of another space, or none, is refused with its path', async () => {
  await expect(loadBackground({ ...faceApiPack, space: 'other/1' })).rejects.toMatchObject({
    code: 'wrong-space',
    message: expect.stringMatching(/dlib-128-faceres-1024\.onnx.*other\/1/),
  });
  await expect(
    loadBackground({ ...faceApiPack, background: { own: 'none.onnx', sha256: '' } }),
  ).rejects.toMatchObject({
    code: 'bad-weights',
    message: expect.stringMatching(/none\.onnx.*Install whosin again/),
  });
});

test.each([
  ['without a crowd', toyBackground(7, 5)],
  ['with a crowd', crowdedBackground(7, 5)],
])('the file runs as a graph, embeddings to the coordinates that project() gives: %s', async (_, model) => {
  const bytes = writeBackground(model, 'toy/1', 'made in a test');
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const values = drawVector(7, seededNormal(1));
  const { projected } = await session.run({ embeddings: new Tensor('float32', values, [1, 7]) });
  await session.release();
  expect(projected!.dims).toEqual([1, 5]);
  const expected = project(model, values);
  for (const [i, v] of (projected!.data as Float32Array).entries()) expect(v).toBeCloseTo(expected[i]!, 5);
});
