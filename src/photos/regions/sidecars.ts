/** The files beside a photo that may hold names. */

import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { refusal } from '../unreadable.ts';
import { type PicasaFolder, parsePicasa } from './picasa.ts';
import { mostXmpBytes } from './xmp.ts';

/** A file that is there, and its content or the reason why it cannot be had. */
export type Beside =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly reason: string };

/** `photo.jpg.xmp`, as digiKam and darktable write it, goes before `photo.xmp`, as Adobe's programs do. */
function sidecarNames(photo: string): string[] {
  const stem = photo.slice(0, photo.length - extname(photo).length);
  const places = stem === photo ? [photo] : [photo, stem];
  return places.flatMap((place) => [`${place}.xmp`, `${place}.XMP`]);
}

export async function sidecarsOf(photo: string): Promise<Beside[]> {
  const found: Beside[] = [];
  const seen = new Set<string>();
  for (const file of sidecarNames(photo)) {
    const one = await readBeside(file);
    if (one === undefined) continue;
    // If a disk takes big and small letters for one, both names are the same file.
    const { dev, ino } = await stat(file);
    if (!seen.has(`${dev} ${ino}`)) found.push(one);
    seen.add(`${dev} ${ino}`);
  }
  return found;
}

/** @returns undefined if there is none */
async function readBeside(file: string): Promise<Beside | undefined> {
  try {
    // A pipe of that name would wait for its writer.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (!info.isFile()) return { file, reason: 'is not a file' };
      if (info.size > mostXmpBytes) return { file, reason: `is too large (${info.size} bytes)` };
      return { file, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    return { file, reason: `cannot be read: ${refusal(file, error)}` };
  }
}

/** Reads each folder's list once for the photos that are looked at one after the other. */
export interface PicasaLists {
  of(
    photo: string,
  ): Promise<
    | { readonly file: string; readonly folder: PicasaFolder }
    | { readonly file: string; readonly reason: string }
    | undefined
  >;
}

export function picasaLists(): PicasaLists {
  let last: { readonly folder: string; readonly list: ReturnType<PicasaLists['of']> } | undefined;
  return {
    of(photo) {
      const folder = dirname(photo);
      if (last?.folder !== folder) last = { folder, list: readList(folder) };
      return last.list;
    },
  };
}

async function readList(folder: string): ReturnType<PicasaLists['of']> {
  const beside = await picasaListOf(folder);
  if (beside === undefined || 'reason' in beside) return beside;
  return { file: beside.file, folder: parsePicasa(new TextDecoder().decode(beside.bytes)) };
}

/** @returns undefined if the folder has none */
export async function picasaListOf(folder: string): Promise<Beside | undefined> {
  return (await readBeside(join(folder, '.picasa.ini'))) ?? (await readBeside(join(folder, 'Picasa.ini')));
}
