/** Pictures that no two seeds share: blots of grey, as files of several kinds. */

import { seededRandom } from '../../src/core/random.ts';
import { encode } from '../photo-fixtures.ts';

export function picture(seed: number, side = 96): ReturnType<typeof encode> {
  const random = seededRandom(seed);
  const data = Array.from({ length: 12 * 12 }, () => 255 * random()).flatMap((v) => [v, v, v]);
  return encode({ width: 12, height: 12, data: Uint8Array.from(data) }).resize(side, side);
}

export async function jpeg(seed: number, side?: number, quality = 90): Promise<Uint8Array> {
  return picture(seed, side).jpeg({ quality }).toBuffer();
}
