/** Numbers as colours. */

/**
 * Inferno of matplotlib (Stéfan van der Walt and Nathaniel Smith 2015, CC0, https://bids.github.io/colormap), at
 * ninths of its length: from black over red to a light yellow in steps that look equally large, with lightness
 * alone rising all the way, so it reads the same in grey and to eyes that tell red and green badly.
 */
const inferno: readonly (readonly [red: number, green: number, blue: number])[] = [
  [0x00, 0x00, 0x04],
  [0x1b, 0x0c, 0x41],
  [0x4a, 0x0c, 0x6b],
  [0x78, 0x1c, 0x6d],
  [0xa5, 0x2c, 0x60],
  [0xcf, 0x44, 0x46],
  [0xed, 0x69, 0x25],
  [0xfb, 0x9b, 0x06],
  [0xf7, 0xd1, 0x3d],
  [0xfc, 0xff, 0xa4],
];

/** @param value 0 to 1; what lies outside gets the colour of the nearer end */
export function colourOf(value: number): readonly [red: number, green: number, blue: number] {
  const place = Math.min(1, Math.max(0, value)) * (inferno.length - 1);
  const below = Math.min(Math.floor(place), inferno.length - 2);
  const [low, high] = [inferno[below]!, inferno[below + 1]!];
  const mixed = (c: 0 | 1 | 2): number => Math.round(low[c] + (high[c] - low[c]) * (place - below));
  return [mixed(0), mixed(1), mixed(2)];
}
