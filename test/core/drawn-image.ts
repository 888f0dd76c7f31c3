import type { RgbImage } from '../../src/core/image.ts';

/** A picture from a function of the pixel's place; the other channels are offset so that mixing them up shows. */
export function draw(width: number, height: number, red: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = red(x, y);
      data.set([value, 255 - value, (value + 100) % 256], (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

export function pixel(image: RgbImage, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return [...image.data.subarray(at, at + 3)];
}
