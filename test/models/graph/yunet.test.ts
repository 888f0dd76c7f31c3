/** YuNet's boxes and scores come out as OpenCV decodes them, whatever canvas the file declares. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import type { YunetParts } from '../../../src/models/face-parts.ts';
import { compileYunet, isYunet, yunetParts } from '../../../src/models/graph/yunet.ts';
import { createSession } from '../../../src/runtime/create-session.ts';
import { published, type ToyYunet, toyYunet } from '../toy-detectors.ts';
import { toyEmbedder } from '../toy-embedders.ts';

type Floats = Readonly<Record<string, Float32Array>>;

async function run(graph: Uint8Array, feed: Tensor): Promise<Floats> {
  const session = await createSession(graph, { threads: 1 });
  const outputs = await session.run({ [session.inputNames[0]!]: feed });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

/** A reddish photo without a cell like any other. */
function noise(width: number, height: number): Uint8Array {
  const random = seededRandom(3);
  const most = [255, 128, 100];
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => random() * most[i % 3]!);
}

/** The raw outputs for a canvas, blue first and unscaled, as OpenCV's blobFromImage makes it. */
function raw(graph: Uint8Array, pixels: Uint8Array, width: number, height: number): Promise<Floats> {
  const planes = [2, 1, 0].flatMap((channel) =>
    Array.from({ length: width * height }, (_, i) => pixels[i * 3 + channel]!),
  );
  return run(graph, new Tensor('float32', Float32Array.from(planes), [1, 3, height, width]));
}

/** OpenCV's own loop (FaceDetectorYNImpl::postProcess), which the graph has to agree with. */
function decodedByHand(
  outputs: Floats,
  width: number,
  height: number,
): { boxes: number[]; scores: number[] } {
  const boxes: number[] = [];
  const scores: number[] = [];
  for (const stride of [8, 16, 32]) {
    const [cls, obj, code] = ['cls', 'obj', 'bbox'].map((name) => outputs[`${name}_${stride}`]!);
    for (let row = 0; row < height / stride; row++) {
      for (let column = 0; column < width / stride; column++) {
        const at = row * (width / stride) + column;
        const share = (value: number): number => Math.max(0, Math.min(1, value));
        scores.push(Math.sqrt(share(cls![at]!) * share(obj![at]!)));
        const [dx, dy, w, h] = code!.subarray(at * 4, at * 4 + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        const [x, y] = [(column + dx) * stride, (row + dy) * stride];
        const [halfWidth, halfHeight] = [(Math.exp(w) * stride) / 2, (Math.exp(h) * stride) / 2];
        boxes.push(y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth);
      }
    }
  }
  return { boxes, scores };
}

function compiled(toy: ToyYunet, changed: Partial<YunetParts> = {}): Uint8Array {
  const graph = toyYunet(toy);
  return compileYunet({ ...yunetParts(graph, 'toy.onnx'), ...changed }, [graph], 'toy.onnx');
}

const everyStride = { 8: 3, 16: 3, 32: 4 } as const;

test.each([
  ['the canvas that it declares', { width: 96, height: 64 }, [96, 64]],
  ['any canvas, where it declares none', undefined, [128, 96]],
] as const)('boxes and scores are those of OpenCV, on %s', async (_, declared, [width, height]) => {
  const toy = { declared, faces: everyStride };
  const pixels = noise(width, height);
  const wanted = decodedByHand(await raw(toyYunet(toy), pixels, width, height), width, height);
  expect(wanted.scores.some((score) => score > 0.3)).toBe(true);
  const found = await run(compiled(toy), new Tensor('uint8', pixels, [1, height, width, 3]));
  for (const name of ['boxes', 'scores'] as const) {
    expect(found[name]).toHaveLength(wanted[name].length);
    for (const [i, value] of wanted[name].entries()) expect(found[name]![i]).toBeCloseTo(value, 3);
  }
});

test('a file that declares 640×640 runs on any canvas once it is freed of that', async () => {
  const { canvas: _, ...free } = yunetParts(toyYunet(published), 'toy.onnx');
  const graph = compileYunet(free, [toyYunet(published)], 'toy.onnx');
  const { scores } = await run(graph, new Tensor('uint8', noise(64, 32), [1, 32, 64, 3]));
  expect(scores).toHaveLength(8 * 4 + 4 * 2 + 2);
});

describe('what is read off a file', () => {
  test('as OpenCV Zoo published it in 2023, and in 2026 with free sides', () => {
    const fixed = { input: 'input', batch: 1, canvas: { width: 640, height: 640 } };
    expect(yunetParts(toyYunet(published), 'x')).toEqual(fixed);
    expect(yunetParts(toyYunet({ ...published, declared: undefined }), 'x')).toEqual({
      input: 'input',
      batch: 1,
    });
  });

  test('no embedder is taken for it', () => {
    const embedder = toyEmbedder('sface');
    expect(isYunet(embedder, 'x')).toBe(false);
    expect(() => yunetParts(embedder, 'sface.onnx')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining("OpenCV Zoo's YuNet") }),
    );
  });
});
