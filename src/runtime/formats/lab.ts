/** CIE L*a*b* of 8 bits, as photographs are kept in for printing: libvips takes such a TIFF for one of its own format. */

import type { RgbImage } from '../../core/image.ts';
import type { TiffDirectory } from './tiff.ts';

/** Signed a* and b*, and those of ICC profiles with 128 added (TIFF 6.0, section 23, and its technical notes). */
const [cieLab, iccLab] = [8, 9];

export function isLab({ photometric, bits, samples }: TiffDirectory): boolean {
  return (photometric === cieLab || photometric === iccLab) && bits === 8 && samples >= 3;
}

/** The same file, called one of red, green and blue: its three channels come out as they are. */
export function calledRgb(bytes: Uint8Array, { photometricAt, littleEndian }: TiffDirectory): Uint8Array {
  const renamed = Uint8Array.from(bytes);
  new DataView(renamed.buffer).setUint16(photometricAt, 2, littleEndian);
  return renamed;
}

/** The channels with 128 added to a* and b* in place, so that colours that are near have numbers that are near. */
export function centre(channels: Uint8Array, { photometric }: TiffDirectory): Uint8Array {
  if (photometric === iccLab) return channels;
  for (let i = 0; i < channels.length; i += 3) {
    channels[i + 1]! ^= 128;
    channels[i + 2]! ^= 128;
  }
  return channels;
}

/** L*a*b* seen under the light D50, as in print, to sRGB; a* and b* with 128 added. */
export function labToRgb({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const fy = ((data[i]! / 255) * 100 + 16) / 116;
    const x = 0.9642 * cubed(fy + (data[i + 1]! - 128) / 500);
    const y = cubed(fy);
    const z = 0.8249 * cubed(fy - (data[i + 2]! - 128) / 200);
    // From D50 to the primaries of sRGB, adapted after Bradford: brucelindbloom.com.
    out[i] = gamma(3.1338561 * x - 1.6168667 * y - 0.4906146 * z);
    out[i + 1] = gamma(-0.9787684 * x + 1.9161415 * y + 0.033454 * z);
    out[i + 2] = gamma(0.0719453 * x - 0.2289914 * y + 1.4052427 * z);
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** CIE 15: linear near black. */
function cubed(f: number): number {
  return f > 6 / 29 ? f ** 3 : (f - 4 / 29) * 3 * (6 / 29) ** 2;
}

/** IEC 61966-2-1, 0 to 255. */
function gamma(linear: number): number {
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
}
