/** RECIPE: the names of confirmed faces are written beside photos, or into them. Nothing is written twice. */

import type { Tables } from '../catalog/catalog.ts';
import type { Box } from '../core/geometry.ts';
import { reasonOf, stopIfAborted, WhosinError } from '../errors.ts';
import { type ExifTool, openExifTool } from '../runtime/exiftool.ts';
import type { AlbumContext } from './context.ts';
import type { FailedFile } from './intake.ts';
import { chosenFiles } from './photo-files-of-album.ts';
import { readNamesOfFiles } from './read-names.ts';
import { follow } from './say.ts';
import { type NamesToWrite, type WrittenFile, writeBeside, writeInto } from './write-names-of-photo.ts';

export interface WriteOptions {
  /** Files and folders of the album; all of it if left out. */
  readonly paths?: readonly string[];
  /** Into the photos themselves, by ExifTool; beside them if left out. */
  readonly intoPhotos?: boolean;
  /** Photos that are written keep the time of their content. */
  readonly keepTimes?: boolean;
  /** Report what would be written, and write nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Written {
  readonly files: readonly WrittenFile[];
  /** Photos with confirmed faces whose names stood there already. */
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

/** Throws `cancelled`, `not-found` and, for photos, `no-exiftool`. */
export async function writeNames(album: AlbumContext, options: WriteOptions = {}): Promise<Written> {
  const { intoPhotos = false, dryRun = false, signal, onProgress } = options;
  // Names that others have written since the last look are known before anything is changed.
  const wanted = await album.catalog.read((tables) => chosenFiles(tables, options.paths));
  const { regroup } = await readNamesOfFiles(album, wanted, signal);
  await follow(album, regroup);
  const photos = await album.catalog.read((tables) => namesToWrite(tables, new Set(wanted)));
  const tool = intoPhotos && !dryRun ? await openExifTool(album.config.exiftool) : undefined;
  const result = { files: [] as WrittenFile[], unchanged: 0, failed: [] as FailedFile[] };
  for (const [done, photo] of photos.entries()) {
    onProgress?.(done, photos.length);
    stopIfAborted(signal);
    try {
      const files = await writeOne(album, photo, tool, options);
      result.files.push(...files);
      if (files.length === 0) result.unchanged++;
    } catch (error) {
      result.failed.push({ path: photo.path, error: asFailure(photo.path, error) });
    }
  }
  onProgress?.(photos.length, photos.length);
  return result;
}

async function writeOne(
  album: AlbumContext,
  photo: NamesToWrite,
  tool: ExifTool | undefined,
  { intoPhotos = false, dryRun = false, keepTimes = false }: WriteOptions,
): Promise<WrittenFile[]> {
  if (!intoPhotos) return writeBeside(photo, { dryRun });
  const files = await writeInto(photo, tool, {
    dryRun,
    keepTimes,
    onWritten: (sha256) => renamed(album, photo, sha256),
  });
  // A sidecar that speaks of regions goes before the photo: it has to agree.
  return [...files, ...(await writeBeside(photo, { dryRun, onlyWhereRead: true }))];
}

/** The photo has another content now: what was said about its faces is said about those too. */
async function renamed({ catalog }: AlbumContext, { sha256 }: NamesToWrite, now: string): Promise<void> {
  await catalog.write((tables) => tables.said.alsoAbout(sha256, now));
}

function asFailure(path: string, error: unknown): WhosinError {
  if (error instanceof WhosinError) return error;
  return WhosinError.about('cannot-write', path, `gets no names: ${reasonOf(error)}`, error);
}

/** Files with confirmed faces of people who are not hidden. */
async function namesToWrite(tables: Tables, wanted: ReadonlySet<string>): Promise<NamesToWrite[]> {
  const people = new Map((await tables.people.all()).map((person) => [person.id, person]));
  const ofPhotos = new Map<number, { readonly face: number; readonly name: string }[]>();
  for await (const answers of tables.answers.each()) {
    for (const { face, photo, state, person } of answers) {
      const who = state === 'confirmed' ? people.get(person!) : undefined;
      if (who === undefined || who.hidden === 1) continue;
      ofPhotos.set(photo, [...(ofPhotos.get(photo) ?? []), { face, name: who.shown }]);
    }
  }
  const known = new Set((await tables.people.entries()).map(({ name }) => name));
  for (const { shown, name } of people.values()) known.add(shown).add(name);
  const found: NamesToWrite[] = [];
  const paths = await tables.paths.ofPhotos([...ofPhotos.keys()]);
  for (const photo of await tables.photos.byIds([...ofPhotos.keys()])) {
    if (photo.kind !== 'photo') continue;
    const named = ofPhotos.get(photo.id)!;
    const boxes = new Map<number, Box<'ratio'>>();
    for (const { id, box } of await tables.faces.byIds(named.map(({ face }) => face))) boxes.set(id, box);
    const said = await tables.said.about([photo.sha256], 'xmp');
    const read = new Set(said.map(({ person }) => person?.name));
    for (const { path, gone } of paths.get(photo.id) ?? []) {
      if (gone || !wanted.has(path)) continue;
      found.push({
        path,
        sha256: photo.sha256,
        size: photo,
        faces: named.map(({ face, name }) => ({ name, box: boxes.get(face)! })),
        mayChange: (name) => known.has(name) || read.has(name),
      });
    }
  }
  return found;
}
