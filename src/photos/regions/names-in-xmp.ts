/** RECIPE: one XMP packet → the regions and names in it. */

import { readHints } from './hints.ts';
import { readIptc } from './iptc.ts';
import { readMicrosoft } from './microsoft.ts';
import { readMwg } from './mwg.ts';
import { oneForEachFace } from './one-for-each-face.ts';
import type { FoundNames, StoredPicture } from './region.ts';
import { parseXmp } from './xmp.ts';
import { propertyOf } from './xmp-values.ts';

/** A form of one program, without a public description of its places. */
const acdseeRegions = 'http://ns.acdsee.com/regions/';

/** A region or packet that cannot be understood is among the reasons of `unread`. */
export function namesInXmp(bytes: Uint8Array, picture: StoredPicture): FoundNames {
  const unread: string[] = [];
  const note = (reason: string): void => void unread.push(reason);
  try {
    const packet = parseXmp(bytes);
    const mwg = readMwg(packet, picture, note);
    const microsoft = readMicrosoft(packet, note);
    const iptc = readIptc(packet, picture, note);
    const regions = oneForEachFace(
      [mwg ?? [], microsoft?.regions ?? [], iptc ?? []],
      picture.orientation > 1,
    );
    const people = (microsoft?.names ?? []).map(
      (name) => ({ name, kind: 'person', field: 'MPReg:PersonDisplayName' }) as const,
    );
    if (propertyOf(packet, acdseeRegions, 'Regions'))
      note('it has regions of ACDSee, which whosin does not read');
    const speaks = (mwg ?? microsoft ?? iptc) !== undefined;
    return { regions, hints: [...people, ...readHints(packet)], unread, speaks };
  } catch (error) {
    return { regions: [], hints: [], unread: [(error as Error).message], speaks: false };
  }
}
