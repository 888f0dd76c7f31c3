/** RECIPE: the names of one photo's faces are put into its sidecar, or into the photo. */

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { WrittenRow } from '../../catalog/written-table.ts';
import { WhosinError } from '../../errors.ts';
import { namesInXmp } from '../../photos/regions/names-in-xmp.ts';
import { toStored, toUpright, turnedSize } from '../../photos/regions/orientation.ts';
import { type PutNames, putNames } from '../../photos/regions/put-names.ts';
import type { NameChange, NamedPlace, PutOptions } from '../../photos/regions/put-options.ts';
import type { StoredPicture } from '../../photos/regions/region.ts';
import { type Beside, sidecarsOf } from '../../photos/regions/sidecars.ts';
import type { WrittenName } from '../../photos/regions/written-names.ts';
import { blankXmp } from '../../photos/regions/xmp.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { ExifTool } from '../../runtime/exiftool.ts';
import { type PhotoMetadata, readPhotoMetadata } from '../../runtime/photo-metadata.ts';
import { type WriteIntoOptions, writeXmpInto } from '../../runtime/write-xmp-into.ts';
import type { NamesToWrite } from './names-to-write.ts';

export interface WrittenFile {
  /** The sidecar, or the photo. */
  readonly file: string;
  readonly photo: string;
  readonly changes: readonly NameChange[];
}

/** A photo's own data, and its faces in the stored picture. */
export interface Prepared {
  readonly metadata: PhotoMetadata;
  readonly places: readonly NamedPlace[];
  readonly options: PutOptions;
}

export interface WritingOptions {
  readonly dryRun: boolean;
  readonly keywords: boolean;
  /** Told of all names that whosin has written into a file, before they are there and after. */
  readonly remember: (file: string, names: readonly WrittenRow[]) => Promise<void>;
}

/** @param onlyWhereRead only a sidecar that is there and speaks of regions */
export async function writeBeside(
  photo: NamesToWrite,
  { onlyWhereRead = false, ...how }: WritingOptions & { readonly onlyWhereRead?: boolean },
): Promise<WrittenFile[]> {
  const { metadata, places, options } = await prepare(photo);
  const { picture, packets } = metadata;
  const sidecars = (await sidecarsOf(photo.path)).map((beside) => ({
    file: beside.file,
    bytes: bytesOf(beside),
    speaks: namesInXmp(bytesOf(beside), picture).speaks,
  }));
  const there = sidecars.find(({ speaks }) => speaks) ?? (onlyWhereRead ? undefined : sidecars[0]);
  if (there === undefined && (onlyWhereRead || places.length === 0)) return [];
  // A new sidecar begins as a copy of what is in the photo, which it hides from programs that read it instead.
  const [embedded] = packets;
  const isWhole = packets.length === 1 && namesInXmp(embedded!, picture).unread.length === 0;
  const base = there?.bytes ?? (isWhole ? embedded! : blankXmp());
  const speaks = there?.speaks ?? isWhole;
  const carried = speaks ? [] : packets.flatMap((packet) => namesInXmp(packet, picture).regions);
  const written = writtenIn(photo, there?.file ?? photo.path, picture);
  const put = putNames(base, places, { ...options, ...how, carried, written });
  const file = there?.file ?? `${photo.path}.xmp`;
  return writeAndRemember(photo, file, put, picture, how, async () => {
    await requireAsRead(file, there?.bytes);
    await writeFileAtomically(file, put.bytes);
  });
}

/** @param tool may be left out of a dry run */
export async function writeInto(
  photo: NamesToWrite,
  tool: ExifTool | undefined,
  how: WritingOptions & WriteIntoOptions,
): Promise<WrittenFile[]> {
  const { metadata, places, options } = await prepare(photo);
  const { packets, picture } = metadata;
  if (packets.length > 1) throw new Error('its XMP is so large that it lies in several parts');
  const written = writtenIn(photo, photo.path, picture);
  const put = putNames(packets[0] ?? blankXmp(), places, { ...options, ...how, written });
  return writeAndRemember(photo, photo.path, put, picture, how, () =>
    writeXmpInto(photo.path, put.bytes, tool!, how),
  );
}

async function writeAndRemember(
  photo: NamesToWrite,
  file: string,
  { changes, written }: PutNames,
  picture: StoredPicture,
  { dryRun, remember }: WritingOptions,
  write: () => Promise<void>,
): Promise<WrittenFile[]> {
  const before = photo.written.filter((row) => row.file === basename(file));
  const now = uprightNames(written, picture);
  if (!dryRun && changes.length > 0) {
    // A kill may come between the file and the catalog: a name that whosin does not know as its own would stay for ever.
    await remember(file, [...before, ...now]);
    await write();
  }
  const isSame = changes.length === 0 && now.length === before.length;
  if (!dryRun && !isSame) await remember(file, now);
  return changes.length === 0 ? [] : [{ file, photo: photo.path, changes }];
}

export async function prepare({ path, size, faces, hidden, mayChange }: NamesToWrite): Promise<Prepared> {
  const unknown: PhotoMetadata = { packets: [], picture: { ...size, orientation: 1 } };
  const metadata = await readPhotoMetadata(path).catch(() => unknown);
  const { picture } = metadata;
  const { width, height } = turnedSize(picture, picture.orientation);
  if (width !== size.width || height !== size.height)
    throw new Error('it has another size than when its faces were found (whosin album add)');
  const stored = ({ name, box }: NamedPlace): NamedPlace => ({
    name,
    box: toStored(box, picture.orientation),
  });
  return { metadata, places: faces.map(stored), options: { picture, mayChange, kept: hidden.map(stored) } };
}

/** As the catalog has them. */
export function uprightNames(
  written: readonly WrittenName[],
  { orientation }: StoredPicture,
): readonly WrittenRow[] {
  return written.map((one) => ({ ...one, box: one.box && toUpright(one.box, orientation) }));
}

/** Names that whosin wrote into a file, in the stored picture. */
export function writtenIn(
  { written }: NamesToWrite,
  file: string,
  { orientation }: StoredPicture,
): readonly WrittenName[] {
  return written
    .filter((row) => row.file === basename(file))
    .map((row) => ({ ...row, box: row.box && toStored(row.box, orientation) }));
}

/** Throws `cannot-write` with the reason if it could not be read. */
export function bytesOf(beside: Beside): Uint8Array {
  if ('bytes' in beside) return beside.bytes;
  throw WhosinError.about('cannot-write', beside.file, beside.reason);
}

/** Whoever wrote it in between is not written over. @param before undefined: it was not there */
export async function requireAsRead(file: string, before: Uint8Array | undefined): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  const isSame =
    before === undefined ? !isThere : isThere && Buffer.from(before).equals(await readFile(file));
  if (!isSame) throw WhosinError.about('cannot-write', file, 'was changed in between: write again');
}
