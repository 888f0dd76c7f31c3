/** BlazeFace's boxes, scores and points come out as MediaPipe decodes them. */

import { Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { compile } from '../../../src/models/compilers.ts';
import { compileTensorFlow } from '../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { tfliteGraph } from '../../../src/models/graph/tflite/tflite-graph.ts';
import { blazeFace } from '../../../src/models/mediapipe.ts';
import { readVerified } from '../../../src/runtime/weight-files.ts';
import { runOnnx } from './tensorflow/toy-tensorflow.ts';

const side = 128;

/** MediaPipe's own loop (SsdAnchorsCalculator): two anchors in each of 16×16 cells, six in each of 8×8. */
function anchors(): (readonly [x: number, y: number])[] {
  const all: (readonly [number, number])[] = [];
  for (const [cells, each] of [
    [16, 2],
    [8, 6],
  ] as const) {
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        for (let k = 0; k < each; k++) all.push([((x + 0.5) / cells) * side, ((y + 0.5) / cells) * side]);
      }
    }
  }
  return all;
}

test('the compiled graph gives the corners of each box and six points in pixels, and its score as a share', async () => {
  const file = await readVerified(blazeFace.files[0]!);
  const random = seededRandom(5);
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => random() * (i % 3 === 0 ? 255 : 120));
  const own = await runOnnx(await compile(blazeFace.compiler, [file], 'blazeface'), {
    photos: new Tensor('uint8', pixels, [1, side, side, 3]),
  });
  const raw = compileTensorFlow(tfliteGraph(file, 'blazeface'), {
    name: 'raw',
    inputs: [{ node: 'input', name: 'x', shape: [1, side, side, 3] }],
    outputs: [{ node: 'regressors' }, { node: 'classificators' }],
  });
  const floats = Float32Array.from(pixels, (v) => v / 127.5 - 1);
  const { regressors, classificators } = await runOnnx(raw.bytes, {
    x: new Tensor('float32', floats, [1, side, side, 3]),
  });
  const places = anchors();
  expect([own['boxes']!.values.length, own['scores']!.values.length]).toEqual([896 * 4, 896]);
  for (const [i, [x, y]] of places.entries()) {
    const [dx = 0, dy = 0, width = 0, height = 0] = regressors!.values.subarray(i * 16, i * 16 + 4);
    const wanted = [
      y + dy - height / 2,
      x + dx - width / 2,
      y + dy + height / 2,
      x + dx + width / 2,
      1 / (1 + Math.exp(-classificators!.values[i]!)),
    ];
    const found = [...own['boxes']!.values.slice(i * 4, i * 4 + 4), own['scores']!.values[i]!];
    for (const [k, value] of wanted.entries()) expect(found[k]).toBeCloseTo(value, 2);
    for (let k = 0; k < 12; k++) {
      const fromAnchor = regressors!.values[i * 16 + 4 + k]!;
      expect(own['points']!.values[i * 12 + k]).toBeCloseTo((k % 2 === 0 ? x : y) + fromAnchor, 2);
    }
  }
});
