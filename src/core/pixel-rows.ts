/** Rows of pixels, halved and drawn through a similarity: most of what is done in JavaScript for a face. */

/** Places on a line of pixels are counted in steps of 2⁻¹⁵, so that a photo may have any side that a JPEG can have. */
export const fractionBits = 15;

/** Addresses are in bytes of `room`; pixels are three bytes. The functions may write up to fifteen bytes past `end`, `halve` and `sample` up to five. */
export interface PixelRows {
  /** Memory of at least so many bytes, and a few more; the bytes from before may be gone. */
  room(bytes: number): Uint8Array;
  /** Each pixel the mean of four, from two rows that lie at `above` and `below`. */
  halve(above: number, below: number, to: number, end: number): void;
  /**
   * The bilinear mix of the four pixels around each place, by weights of 8 bits; all four lie in the picture.
   *
   * @param source of the picture, whose rows have `line` bytes
   * @param x the first place, and then `stepX` further, in steps
   */
  sample(
    source: number,
    line: number,
    to: number,
    end: number,
    x: number,
    y: number,
    stepX: number,
    stepY: number,
  ): void;

  /** The row whose last pixel ends at `last`, from there to its first pixel. Twelve bytes before that may be read. */
  mirror(last: number, to: number, end: number): void;
}

/** Bytes after the room that vectors may reach into. */
export const spare = 64;

/** For processors without SIMD. */
export function rowsByNumbers(): PixelRows {
  let data = new Uint8Array(0);
  return {
    room(bytes) {
      if (data.length < bytes + spare) data = new Uint8Array(bytes + spare);
      return data;
    },
    halve(above, below, to, end) {
      for (let at = to, i = above, j = below; at < end; i += 3, j += 3) {
        for (let c = 0; c < 3; c++, i++, j++) {
          data[at++] = (data[i]! + data[i + 3]! + data[j]! + data[j + 3]! + 2) >> 2;
        }
      }
    },
    sample(source, line, to, end, startX, startY, stepX, stepY) {
      for (let at = to, x = startX, y = startY; at < end; x += stepX, y += stepY) {
        let i = source + (y >> fractionBits) * line + (x >> fractionBits) * 3;
        const [right, bottom] = [weightOf(x), weightOf(y)];
        for (let c = 0; c < 3; c++, i++) {
          data[at++] = mix(data[i]!, data[i + 3]!, data[i + line]!, data[i + line + 3]!, right, bottom);
        }
      }
    },
    mirror(last, to, end) {
      for (let at = to, i = last - 3; at < end; i -= 3) {
        for (let c = 0; c < 3; c++) data[at++] = data[i + c]!;
      }
    },
  };
}

/** The weight of the pixel after a place, by 8 bits of the fraction. */
function weightOf(place: number): number {
  return (place >> (fractionBits - 8)) & 255;
}

/** Whole numbers all the way, rounded once. */
function mix(p: number, q: number, r: number, s: number, right: number, bottom: number): number {
  const above = (p << 8) + right * (q - p);
  const below = (r << 8) + right * (s - r);
  return ((above << 8) + bottom * (below - above) + 32768) >> 16;
}
