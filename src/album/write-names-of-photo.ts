/** RECIPE: the names of one photo's faces are put into its sidecar, or into the photo. */

import { readFile, stat } from 'node:fs/promises';
import { WhosinError } from '../errors.ts';
import { namesInXmp } from '../photos/regions/names-in-xmp.ts';
import { toStored, turnedSize } from '../photos/regions/orientation.ts';
import { type NameChange, type NamedPlace, type PutOptions, putNames } from '../photos/regions/put-names.ts';
import { type Beside, sidecarsOf } from '../photos/regions/sidecars.ts';
import { blankXmp } from '../photos/regions/xmp.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import type { ExifTool } from '../runtime/exiftool.ts';
import { type PhotoMetadata, readPhotoMetadata } from '../runtime/photo-metadata.ts';
import { writeXmpInto } from '../runtime/write-xmp-into.ts';
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

/** @param onlyWhereRead only a sidecar that is there and speaks of regions */
export async function writeBeside(
  photo: NamesToWrite,
  { dryRun, onlyWhereRead = false }: { readonly dryRun: boolean; readonly onlyWhereRead?: boolean },
): Promise<WrittenFile[]> {
  const { metadata, places, options } = await prepare(photo);
  const { picture, packets } = metadata;
  const sidecars = (await sidecarsOf(photo.path)).map((beside) => ({
    file: beside.file,
    bytes: bytesOf(beside),
    speaks: namesInXmp(bytesOf(beside), picture).speaks,
  }));
  const there = sidecars.find(({ speaks }) => speaks) ?? (onlyWhereRead ? undefined : sidecars[0]);
  if (there === undefined && onlyWhereRead) return [];
  // A new sidecar begins as a copy of what is in the photo, which it hides from programs that read it instead.
  const [embedded] = packets;
  const isWhole = packets.length === 1 && namesInXmp(embedded!, picture).unread.length === 0;
  const base = there?.bytes ?? (isWhole ? embedded! : blankXmp());
  const speaks = there?.speaks ?? isWhole;
  const carried = speaks ? [] : packets.flatMap((packet) => namesInXmp(packet, picture).regions);
  const { bytes, changes } = putNames(base, places, { ...options, carried });
  if (changes.length === 0) return [];
  const file = there?.file ?? `${photo.path}.xmp`;
  if (!dryRun) {
    await requireAsRead(file, there?.bytes);
    await writeFileAtomically(file, bytes);
  }
  return [{ file, photo: photo.path, changes }];
}

/** @param tool may be left out of a dry run */
export async function writeInto(
  photo: NamesToWrite,
  tool: ExifTool | undefined,
  how: {
    readonly dryRun: boolean;
    readonly keepTimes: boolean;
    /** Told of the sha256 of the content that is about to take the photo's place. */
    readonly onWritten: (sha256: string) => Promise<void>;
  },
): Promise<WrittenFile[]> {
  const { metadata, places, options } = await prepare(photo);
  if (metadata.packets.length > 1) throw new Error('its XMP is so large that it lies in several parts');
  const { bytes, changes } = putNames(metadata.packets[0] ?? blankXmp(), places, options);
  if (changes.length === 0) return [];
  if (!how.dryRun) await writeXmpInto(photo.path, bytes, tool!, how);
  return [{ file: photo.path, photo: photo.path, changes }];
}

export async function prepare({ path, size, faces, mayChange }: NamesToWrite): Promise<Prepared> {
  const unknown: PhotoMetadata = { packets: [], picture: { ...size, orientation: 1 } };
  const metadata = await readPhotoMetadata(path).catch(() => unknown);
  const { picture } = metadata;
  const { width, height } = turnedSize(picture, picture.orientation);
  if (width !== size.width || height !== size.height)
    throw new Error('it has another size than when its faces were found (whosin album add)');
  const places = faces.map(({ name, box }) => ({ name, box: toStored(box, picture.orientation) }));
  return { metadata, places, options: { picture, mayChange } };
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
