/** The scenes of the clip that bench/video-tracks.ts follows people in. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../src/core/geometry.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { seededRandom, shuffled } from '../../src/core/random.ts';
import type { Faces } from '../../src/faces/open-faces.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { resize } from '../../src/runtime/resize.ts';
import { type Actor, cutOut, type Path, type Scene } from './made-clip.ts';

const [width, height] = [1280, 720];
const scenes = 24;
const seconds = 5;

interface Cast {
  readonly person: string;
  readonly image: RgbImage;
  readonly face: Box<'px'>;
}

export interface SceneOptions {
  readonly sports: string;
  readonly strangers: string;
  readonly backgrounds: string;
  /** Photos of each sports person before this one are left for training. */
  readonly from: number;
  readonly seed: number;
}

export async function makeScenes(faces: Faces, options: SceneOptions): Promise<Scene[]> {
  const random = seededRandom(options.seed);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const people = readdirSync(options.sports).toSorted();
  const cast = new Map<string, Cast[]>();
  for (const person of people) {
    const names = readdirSync(join(options.sports, person)).toSorted().slice(options.from);
    const photos = await Promise.all(
      names.map((name) => soleFace(faces, join(options.sports, person, name), person)),
    );
    cast.set(
      person,
      photos.filter((photo) => photo !== undefined),
    );
  }
  const nobodies: Cast[] = [];
  for (const person of shuffled(readdirSync(options.strangers).toSorted(), random)) {
    if (nobodies.length === 12) break;
    const [name] = readdirSync(join(options.strangers, person)).toSorted();
    const photo = await soleFace(faces, join(options.strangers, person, name!), person);
    if (photo) nobodies.push(photo);
  }
  const backgrounds: RgbImage[] = [];
  for (const name of shuffled(readdirSync(options.backgrounds).toSorted(), random)) {
    if (backgrounds.length === scenes) break;
    const photo = await decodePhoto(readFileSync(join(options.backgrounds, name)), name);
    const image = await resize(photo.image, width, height);
    if ((await faces.reader.steps.detect(image)).length === 0) backgrounds.push(image);
  }
  return backgrounds.map((background, n) => {
    const size = between(70, 130);
    // One or two of the five, and strangers to make it two to four.
    const own = shuffled(people, random).slice(0, 1 + Math.round(random()));
    const played = [
      ...own.map((person) => pick(cast.get(person)!, random)),
      ...shuffled(nobodies, random).slice(0, 1 + Math.round(random())),
    ];
    const paths = pathsOf(n % 4, played.length, size, between);
    const actors = shuffled(
      played.map(({ person, image, face }, i): Actor => {
        const cutout = cutOut(image, face, size * between(0.85, 1.15));
        return { person, cutout, path: paths[i]! };
      }),
      random,
    );
    return { seconds, background, actors };
  });
}

/** 0: all sway in their places. 1: two cross, twice. 2: one leaves and comes back. 3: all walk through each other. */
function pathsOf(
  kind: number,
  count: number,
  size: number,
  between: (low: number, high: number) => number,
): Path[] {
  return Array.from({ length: count }, (_, i): Path => {
    const home = ((i + 0.5) / count) * width;
    const y = between(0.35, 0.6) * height;
    const [phase, pace, bob] = [between(0, 6.28), between(0.8, 2.2), between(0.05, 0.25) * size];
    const sway: Path = (t) => ({
      x: home + Math.sin(phase + t * pace) * size * 0.5,
      y: y + Math.sin(phase + t * pace * 1.7) * bob,
    });
    if (kind === 1 && i < 2) {
      const other = ((1 - i + 0.5) / count) * width;
      // There and back once: they meet in the middle twice.
      const level = height * 0.45 + (i - 0.5) * between(0, 0.5) * size;
      return (t) => ({
        x: home + (other - home) * (0.5 - 0.5 * Math.cos((t / seconds) * 2 * Math.PI)),
        y: level + Math.sin(phase + t * 5) * bob * 0.5,
      });
    }
    if (kind === 2 && i === 0) {
      return (t) => ({
        x: home - Math.max(0, Math.sin((t / seconds) * 2 * Math.PI - 0.8)) * (home + 2 * size),
        y: sway(t)!.y,
      });
    }
    if (kind === 3) {
      const way = i % 2 === 0 ? 1 : -1;
      const begin = way > 0 ? -size - i * size * 1.5 : width + size + i * size * 1.5;
      const speed = (width + 4 * size) / seconds;
      return (t) => ({ x: begin + way * speed * t, y: y + Math.abs(Math.sin(phase + t * 5)) * bob });
    }
    return sway;
  });
}

/** A photo with one clear face that is larger than all others. */
async function soleFace(faces: Faces, path: string, person: string): Promise<Cast | undefined> {
  const photo = await decodePhoto(readFileSync(path), path);
  const { image, width: fullWidth } = photo;
  const read = await faces.reader.read(photo);
  const area = ({ box }: { readonly box: Box<'px'> }): number => box.width * box.height;
  const [first, second] = read.faces.toSorted((a, b) => area(b) - area(a));
  if (first === undefined || first.quality < 0.8 || (second && area(second) > area(first) / 3))
    return undefined;
  const scale = image.width / fullWidth;
  const { left, top, width: w, height: h } = first.box;
  return {
    person,
    image,
    face: { left: left * scale, top: top * scale, width: w * scale, height: h * scale },
  };
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}
