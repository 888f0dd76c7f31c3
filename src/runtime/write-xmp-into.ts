/** XMP comes into a photo: into a copy, which takes the photo's place only if its pixels are the same. */

import { createHash, randomUUID } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import {
  chmod,
  copyFile,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { decodePhoto } from './decode.ts';
import type { ExifTool } from './exiftool.ts';
import { removeLeftBehind } from './left-behind.ts';
import { readPhotoMetadata } from './photo-metadata.ts';
import { reachDisk } from './reach-disk.ts';

export interface WriteIntoOptions {
  /** The photo keeps the time of its content. */
  readonly keepTimes: boolean;
  /** Told of the sha256 of the content that is about to take the photo's place. */
  readonly onWritten: (sha256: string) => Promise<void>;
}

/** Throws `cannot-write`; the photo is then as it was. */
export async function writeXmpInto(
  path: string,
  packet: Uint8Array,
  tool: ExifTool,
  { keepTimes, onWritten }: WriteIntoOptions,
): Promise<void> {
  // A link stays a link.
  const target = await realpath(path);
  const stem = join(dirname(target), `.whosin-${randomUUID()}.tmp`);
  const copy = `${stem}${extname(target)}`;
  // A name without signs that ExifTool takes for parts of the photo's.
  const xmp = join(tmpdir(), `whosin-${randomUUID()}.tmp.xmp`);
  try {
    const before = await stat(target, { bigint: true });
    await removeLeftBehind(dirname(target));
    await removeLeftBehind(tmpdir());
    await writeFile(xmp, packet, { flag: 'wx', mode: 0o600 });
    await copyFile(target, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    // The packet goes in as it is: ExifTool finds the place in the file for it, and changes no letter.
    await tool(['-q', '-q', '-api', 'PNGEarlyXMP=1', '-overwrite_original', `-xmp<=${xmp}`, copy]);
    const [old, now] = await Promise.all([readFile(target), readFile(copy)]);
    // For a format that it does not write, it changes nothing and reports nothing.
    if (old.equals(now))
      throw new Error(
        `this ExifTool writes nothing into ${extname(target) || 'such'} files; a newer one may`,
      );
    await requireSamePicture(old, now, packet, path);
    await chmod(copy, Number(before.mode) & 0o777);
    if (keepTimes) await utimes(copy, new Date(Number(before.atimeMs)), new Date(Number(before.mtimeMs)));
    const handle = await open(copy, 'r+');
    try {
      await reachDisk(handle);
    } finally {
      await handle.close();
    }
    if (stateOf(await stat(target, { bigint: true })) !== stateOf(before))
      throw new Error('it was changed in between');
    await onWritten(createHash('sha256').update(now).digest('hex'));
    await rename(copy, target);
  } catch (error) {
    if (error instanceof WhosinError && error.code === 'cannot-write') throw error;
    throw new WhosinError('cannot-write', `Cannot write names into ${path}: ${reasonOf(error)}.`, {
      cause: error,
      path,
    });
  } finally {
    await rm(copy, { force: true }).catch(() => {});
    await rm(xmp, { force: true }).catch(() => {});
  }
}

function stateOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

async function requireSamePicture(
  old: Uint8Array,
  now: Uint8Array,
  packet: Uint8Array,
  path: string,
): Promise<void> {
  const [a, b] = [await decodePhoto(old, path), await decodePhoto(now, path)];
  const isSame =
    a.width === b.width && a.height === b.height && Buffer.from(a.image.data).equals(b.image.data);
  if (!isSame) throw new Error('its pixels would not be the same');
  const { packets } = await readPhotoMetadata(now, path);
  // In a format with checksums ExifTool marks the packet as not to be changed in place.
  const plain = (xmp: Uint8Array): string =>
    Buffer.from(xmp)
      .toString('latin1')
      .replace(/end=(["'])r\1/, 'end=$1w$1');
  if (packets.length !== 1 || plain(packets[0]!) !== plain(packet))
    throw new Error('the names would not be found in it');
}
