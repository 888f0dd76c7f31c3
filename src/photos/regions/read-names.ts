/** RECIPE: a photo's own data and the files beside it → the regions and names of the upright photo. Nothing is written. */

import { basename } from 'node:path';
import { withoutRepetition } from './hints.ts';
import { namesInXmp } from './names-in-xmp.ts';
import { oneForEachFace } from './one-for-each-face.ts';
import { toUpright } from './orientation.ts';
import type { FoundNames, NameHint, Region, StoredPicture, StoredRegion, UnreadNames } from './region.ts';
import { type PicasaLists, sidecarsOf } from './sidecars.ts';

export interface PhotoNames {
  /** In the upright photo, each face once. */
  readonly regions: readonly Region[];
  readonly hints: readonly NameHint[];
  /** Parts that may hold names and were not understood: if there is any, no regions does not mean that there are none. */
  readonly unread: readonly UnreadNames[];
}

export interface EmbeddedNames {
  /** The packets in the photo's file. */
  readonly packets: readonly Uint8Array[];
  readonly picture: StoredPicture;
}

/**
 * Sidecars go before what is in the photo: if one speaks of regions, it speaks for all. Regions are turned as the photo
 * is; a sidecar's own statement about that is of no account.
 *
 * @param photo a path, or the name of what lies in no file
 * @param picasa lists of folders; undefined if no files beside the photo are looked for
 */
export async function readNames(
  photo: string,
  { packets, picture }: EmbeddedNames,
  picasa: PicasaLists | undefined,
): Promise<PhotoNames> {
  const found: { readonly file: string; readonly names: FoundNames }[] = [];
  for (const beside of picasa ? await sidecarsOf(photo) : []) {
    const { file } = beside;
    const names = 'bytes' in beside ? namesInXmp(beside.bytes, picture) : unreadable(beside.reason);
    found.push({ file, names });
  }
  found.push({ file: photo, names: joined(packets.map((packet) => namesInXmp(packet, picture))) });
  const speaker = found.find(({ names }) => names.speaks);
  const lists: Region[][] = [];
  if (speaker) lists.push(placed(speaker.names.regions, speaker.file, picture));
  const list = await picasa?.of(photo);
  if (list && 'folder' in list) {
    const entry = list.folder.facesOf(basename(photo));
    if (entry) {
      lists.push(placed(entry.regions, list.file, picture));
      found.push({ file: list.file, names: { ...unreadable(...entry.unread), speaks: true } });
    }
  } else if (list) found.push({ file: list.file, names: unreadable(list.reason) });
  return {
    regions: oneForEachFace(lists, false),
    hints: withoutRepetition(
      found.flatMap(({ file, names }) => names.hints.map((hint) => ({ ...hint, file }))),
    ),
    unread: found.flatMap(({ file, names }) => names.unread.map((reason) => ({ file, reason }))),
  };
}

function placed(regions: readonly StoredRegion[], file: string, { orientation }: StoredPicture): Region[] {
  return regions.map((region) => ({ ...region, box: toUpright(region.box, orientation), file }));
}

/** The packets of one file are one. */
function joined(parts: readonly FoundNames[]): FoundNames {
  return {
    regions: oneForEachFace(
      parts.map(({ regions }) => regions),
      false,
    ),
    hints: parts.flatMap(({ hints }) => hints),
    unread: parts.flatMap(({ unread }) => unread),
    speaks: parts.some(({ speaks }) => speaks),
  };
}

function unreadable(...reasons: readonly string[]): FoundNames {
  return { regions: [], hints: [], unread: reasons, speaks: false };
}
