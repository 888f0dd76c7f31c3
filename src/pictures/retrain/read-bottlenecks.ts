/** Every listed photo becomes its bottleneck, from its file or from the network. */

import { join } from 'node:path';
import { describeDamage } from '../../core/damage.ts';
import { type Distortions, distort } from '../../core/distort.ts';
import type { RgbImage } from '../../core/image.ts';
import { reasonOf, WhosinError } from '../../errors.ts';
import type { LabelledVectors } from '../../learn/layer/labelled-vectors.ts';
import { bytesOf } from '../../photos/photo-content.ts';
import { decodePhoto } from '../../runtime/decode.ts';
import { removeLeftBehind } from '../../runtime/left-behind.ts';
import type { PictureReader } from '../read-picture.ts';
import { bottleneckPath, readBottleneck, writeBottleneck } from './bottleneck-files.ts';
import type { Category, ImageList, ListedPhoto } from './image-lists.ts';

export interface IndexedPhoto extends ListedPhoto {
  /** Index of its list. */
  readonly label: number;
}

export interface PhotoBottleneck extends IndexedPhoto {
  readonly values: Float32Array;
}

export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

export interface Bottlenecks {
  readonly photos: readonly PhotoBottleneck[];
  /** Photos that cannot be read. */
  readonly skipped: readonly LeftOut[];
  /** How many the network was run for. */
  readonly computed: number;
}

export interface BottleneckSource {
  /** `--bottleneck_dir` and `--architecture`, which name the files. */
  readonly folder: string;
  readonly architecture: string;
  readonly size: number;
  readonly reader: Pick<PictureReader, 'bottleneck'>;
}

export function indexedPhotos(lists: readonly ImageList[]): readonly IndexedPhoto[] {
  return lists.flatMap(({ photos }, label) => photos.map((photo) => ({ ...photo, label })));
}

/** Throws `cannot-write` where a bottleneck cannot be kept. */
export async function readBottlenecks(
  lists: readonly ImageList[],
  { folder, architecture, size, reader }: BottleneckSource,
  onPhoto: (done: number, total: number) => void = () => {},
): Promise<Bottlenecks> {
  const photos: PhotoBottleneck[] = [];
  const skipped: LeftOut[] = [];
  const listed = indexedPhotos(lists);
  let computed = 0;
  // Nobody else would: if every bottleneck is kept, nothing is written there.
  for (const list of lists) await removeLeftBehind(join(folder, list.folder));
  for (const [done, photo] of listed.entries()) {
    onPhoto(done, listed.length);
    const kept = bottleneckPath(folder, lists[photo.label]!.folder, photo.file, architecture);
    const known = await readBottleneck(kept, size, photo.path);
    if (known) photos.push({ ...photo, values: known });
    else {
      const image = await openWhole(photo.path).catch(asWhosinError);
      if (image instanceof WhosinError) skipped.push({ path: photo.path, reason: image.message });
      else {
        const values = await bottleneckOf(reader, image, size);
        await writeBottleneck(kept, values);
        photos.push({ ...photo, values });
        computed++;
      }
    }
  }
  onPhoto(listed.length, listed.length);
  return { photos, skipped, computed };
}

/** New inputs for the trainer's draws: each photo is opened, distorted and shown to the network again. */
export function distortedInputs(
  photos: readonly ListedPhoto[],
  distortions: Distortions,
  input: { readonly width: number; readonly height: number },
  { reader, size }: Pick<BottleneckSource, 'reader' | 'size'>,
  random: () => number,
): (examples: readonly number[]) => Promise<readonly Float32Array[]> {
  const open = keepingPhotos(keptPixels);
  return async (examples) => {
    const inputs: Float32Array[] = [];
    for (const example of examples) {
      const image = distort(await open(photos[example]!.path), input, distortions, random);
      inputs.push(await bottleneckOf(reader, image, size));
    }
    return inputs;
  };
}

/** Bytes of pixels that may stay in memory: five hundred photos of the web, fifty of a camera. */
const keptPixels = 2 ** 29;

/** Opens photos, and keeps as many of them open as there is room for: each is drawn hundreds of times. */
function keepingPhotos(room: number): (path: string) => Promise<RgbImage> {
  const kept = new Map<string, RgbImage>();
  let free = room;
  return async (path) => {
    const known = kept.get(path);
    if (known) return known;
    const image = await openPhoto(path);
    if (image.data.length <= free) {
      kept.set(path, image);
      free -= image.data.length;
    }
    return image;
  };
}

/** The photos of one category, as the trainer takes them. */
export function ofCategory(
  photos: readonly PhotoBottleneck[],
  category: Category,
): LabelledVectors & { readonly photos: readonly PhotoBottleneck[] } {
  const own = photos.filter((photo) => photo.category === category);
  return { photos: own, inputs: own.map(({ values }) => values), labels: own.map(({ label }) => label) };
}

function asWhosinError(error: unknown): WhosinError {
  if (error instanceof WhosinError) return error;
  return new WhosinError('not-found', reasonOf(error), { cause: error });
}

/** Throws `damaged-photo` too where only a part of it can be read: nothing is learned from that. */
async function openWhole(path: string): Promise<RgbImage> {
  const { image, damage, ...size } = await decodePhoto(await bytesOf(path), path);
  if (damage) throw WhosinError.about('damaged-photo', path, `is ${describeDamage(damage, size)}`);
  return image;
}

async function openPhoto(path: string): Promise<RgbImage> {
  return (await decodePhoto(await bytesOf(path), path)).image;
}

/** Throws `bad-weights` where the network is another than its name says. */
async function bottleneckOf(
  reader: Pick<PictureReader, 'bottleneck'>,
  image: RgbImage,
  size: number,
): Promise<Float32Array> {
  const values = await reader.bottleneck(image);
  if (values.length === size) return values;
  throw new WhosinError('bad-weights', `The network gives ${values.length} values for a photo, not ${size}.`);
}
