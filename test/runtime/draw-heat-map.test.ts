import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { isDrawing } from '../../src/runtime/draw.ts';
import { drawHeatMaps, type HeatMap } from '../../src/runtime/draw-heat-map.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const photo = { width: 120, height: 80, data: new Uint8Array(120 * 80 * 3).fill(128) };

/** Hot in the cell of that row and column alone. */
function hotAt(row: number, column: number): HeatMap {
  const heat = Array.from({ length: 4 }, (_, r) =>
    Array.from({ length: 6 }, (__, c) => (r === row && c === column ? 1 : 0)),
  );
  return { caption: ['<b>cat & "dog"</b> 0.93', 'x.onnx'], heat, ends: ['0', '−0.60'], legend: 'fall' };
}

/** Mean brightness around a place of the drawing. */
async function brightness(jpeg: Uint8Array, x: number, y: number): Promise<number> {
  const data = await sharp(jpeg)
    .extract({ left: x - 8, top: y - 8, width: 16, height: 16 })
    .raw()
    .toBuffer();
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

describe('heat maps over a photo', () => {
  test('stand beside the photo, one panel for each, light where it is hot', async () => {
    const jpeg = await drawHeatMaps(photo, ['photo.jpg'], [hotAt(0, 0), hotAt(3, 5)], '/p/photo.jpg');
    const { format, width, height } = await sharp(jpeg).metadata();
    expect([format, width]).toEqual(['jpeg', 24 + 3 * (760 + 24)]);
    expect(height).toBeGreaterThan(507);
    const top = 24 + 34 + 24;
    const [leftUpper, rightLower] = [
      [60, top + 60],
      [700, top + 450],
    ] as const;
    const at = (panel: number, [x, y]: readonly [number, number]): Promise<number> =>
      brightness(jpeg, 24 + panel * 784 + x, y);
    expect(await at(0, leftUpper)).toBeCloseTo(128, -1);
    expect((await at(1, leftUpper)) - (await at(1, rightLower))).toBeGreaterThan(80);
    expect((await at(2, rightLower)) - (await at(2, leftUpper))).toBeGreaterThan(80);
  });

  test('are known again as a drawing of this photo, and carry no path', async () => {
    const path = join(await temporaryFolder(), 'drawn.jpg');
    const jpeg = await drawHeatMaps(photo, ['photo.jpg'], [hotAt(1, 1)], '/home/ann/photo.jpg');
    await writeFile(path, jpeg);
    expect(await isDrawing(path, '/home/ann/photo.jpg')).toBe(true);
    expect(await isDrawing(path, '/home/ann/other.jpg')).toBe(false);
    expect(Buffer.from(jpeg).includes('ann')).toBe(false);
  });

  test('a name longer than its panel is cut off, and a tall narrow photo has room for its words', async () => {
    const long = { ...hotAt(0, 0), caption: ['a very long label '.repeat(20), 'x'.repeat(200)] };
    const tall = { width: 10, height: 200, data: new Uint8Array(6000) };
    const { width } = await sharp(await drawHeatMaps(tall, ['tall'], [long], 't')).metadata();
    expect(width).toBe(24 + 2 * (420 + 24));
  });
});
