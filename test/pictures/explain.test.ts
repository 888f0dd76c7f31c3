import { describe, expect, test } from 'vitest';
import { heatMapOf } from '../../src/cli/classify/heat-map.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { explain, type OcclusionMap } from '../../src/pictures/explain.ts';

const labels = ['red', 'other'];

/** Grey, with a red square whose left upper corner is there. */
function withSquare(width: number, height: number, left: number, top: number, side = 24): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(120);
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) data.set([250, 20, 20], (y * width + x) * 3);
  }
  return { width, height, data };
}

/** The share of the square that is to be seen is the probability of red. */
async function redness({ data }: RgbImage): Promise<readonly number[]> {
  let red = 0;
  for (let i = 0; i < data.length; i += 3) if (data[i]! > 200 && data[i + 1]! < 50) red++;
  return [Math.min(1, red / 576), 1 - Math.min(1, red / 576)];
}

/** The place of the largest fall, in pixels. */
function peak({ drops, cell }: OcclusionMap): readonly [x: number, y: number] {
  const flat = drops.flatMap((row, r) =>
    row.map((drop, c) => ({ drop, x: (c + 0.5) * cell.width, y: (r + 0.5) * cell.height })),
  );
  const best = flat.reduce((a, b) => (b.drop > a.drop ? b : a));
  return [best.x, best.y];
}

describe('the occlusion map', () => {
  test.each([
    ['in the middle', 84, 60],
    ['in the left upper corner, where patches reach over the edges', 0, 0],
    ['in the right lower corner', 168, 104],
  ])('is highest on the part that led to the label: %s', async (_, left, top) => {
    const map = await explain(withSquare(192, 128, left, top), redness, labels);
    expect(map).toMatchObject({ label: 'red', probability: 1, cell: { width: 12, height: 128 / 11 } });
    const [x, y] = peak(map);
    expect([x > left && x < left + 24, y > top && y < top + 24]).toEqual([true, true]);
  });

  test('is zero where nothing is covered that matters, and below zero for the other label', async () => {
    const image = withSquare(192, 128, 24, 24);
    const { drops } = await explain(image, redness, labels);
    expect(drops.at(-1)!.at(-1)).toBe(0);
    expect(drops).toHaveLength(11);
    expect(drops.every((row) => row.length === 16)).toBe(true);
    const other = await explain(image, redness, labels, 'other');
    expect(other.label).toBe('other');
    expect(other.drops.map((row) => row.map((drop) => 0 - drop))).toEqual(drops);
  });

  // A softmax that is sure beyond doubt stays so wherever it is covered: the map was dark all over.
  test('of a saturated softmax shows where the odds fall, for its probability does not', async () => {
    const saturated = async (image: RgbImage): Promise<Float32Array> => {
      const logits = [20 + 40 * (await redness(image))[0]!, 0];
      const sum = Math.exp(logits[0]!) + 1;
      return Float32Array.of(Math.exp(logits[0]!) / sum, 1 / sum);
    };
    const map = await explain(withSquare(192, 128, 84, 60), saturated, labels);
    expect(map.probability).toBe(1);
    expect(Math.max(...map.drops.flat())).toBeLessThan(1e-6);
    const [x, y] = peak({ ...map, drops: map.logOddsDrops });
    expect([x > 84 && x < 108, y > 60 && y < 84]).toEqual([true, true]);
    expect(Math.max(...map.logOddsDrops.flat())).toBeGreaterThan(1);
    const { heat, ends } = heatMapOf(map, 'model');
    expect(Math.max(...heat.flat())).toBe(1);
    expect(ends[1]).toMatch(/^odds ÷ [\d.,]+$/);
  });

  test('changes nothing in the picture, and comes out the same again', async () => {
    const image = withSquare(100, 150, 30, 70);
    const before = image.data.slice();
    const first = await explain(image, redness, labels);
    expect(image.data).toEqual(before);
    expect(await explain(image, redness, labels)).toEqual(first);
  });

  test('asks a few hundred times whatever the size of the picture, and says how far it is', async () => {
    const seen: number[] = [];
    let asked = 0;
    const count = async (image: RgbImage): Promise<readonly number[]> => {
      asked++;
      return redness(image);
    };
    const onRun = (done: number, total: number): void => {
      seen.push(done / total);
    };
    await explain(withSquare(640, 480, 0, 0), count, labels, undefined, { onRun });
    expect(asked).toBeGreaterThan(200);
    expect(asked).toBeLessThan(500);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect([seen[0], seen.at(-1)]).toEqual([0, 1]);
  });

  test('of a label that the model has not is refused, and the labels are named', async () => {
    const problem = { code: 'not-found', message: 'The model has no label "blue". It has: red, other.' };
    await expect(explain(withSquare(40, 40, 0, 0), redness, labels, 'blue')).rejects.toMatchObject(problem);
  });

  test('of a picture of one pixel, or of one line, is a map too', async () => {
    const one = { width: 1, height: 1, data: new Uint8Array([250, 0, 0]) };
    const { drops: ofOne } = await explain(one, redness, labels);
    expect(ofOne.flat().every(Number.isFinite)).toBe(true);
    const line = { width: 40, height: 1, data: new Uint8Array(120).fill(9) };
    const { drops } = await explain(line, redness, labels);
    expect([drops.length, drops[0]!.length]).toEqual([1, 16]);
  });
});
