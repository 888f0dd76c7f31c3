/** Clips made from photos: people cut out, moved over backgrounds; where each face is in each frame is known. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from '../../src/config.ts';
import type { Box } from '../../src/core/geometry.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { warp } from '../../src/core/warp.ts';

const { ffmpeg = 'ffmpeg' } = readConfig();

/** A head and shoulders cut out of a photo, its edge soft. */
export interface Cutout {
  readonly image: RgbImage;
  /** 0 to 1 for each pixel. */
  readonly alpha: Float32Array;
  /** In pixels of the cut-out. */
  readonly face: Box<'px'>;
}

/** The middle of a face, in pixels of the frame; undefined if it is not there. */
export type Path = (seconds: number) => { readonly x: number; readonly y: number } | undefined;

export interface Actor {
  readonly person: string;
  readonly cutout: Cutout;
  readonly path: Path;
}

/** Later actors stand in front of earlier ones. */
export interface Scene {
  readonly seconds: number;
  readonly background: RgbImage;
  readonly actors: readonly Actor[];
}

export interface TrueFace {
  /** One for each actor of each scene. */
  readonly appearance: number;
  readonly person: string;
  readonly box: Box<'px'>;
  /** Share of the face that is inside the frame and not behind another actor's face. */
  readonly visible: number;
}

/** @param width of the face in the cut-out, in pixels */
export function cutOut(image: RgbImage, face: Box<'px'>, width: number): Cutout {
  const scale = width / face.width;
  const side = Math.round(Math.max(face.width, face.height) * 2 * scale);
  const left = face.left + face.width / 2 - side / 2 / scale;
  const top = face.top + face.height / 2 - side / 2 / scale;
  const cut = warp(image, { a: scale, b: 0, tx: -left * scale, ty: -top * scale }, side, side);
  const alpha = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const r = Math.hypot((x - side / 2) / (side * 0.36), (y - side / 2) / (side * 0.47));
      alpha[y * side + x] = Math.min(1, Math.max(0, (1.05 - r) / 0.1));
    }
  }
  const [w, h] = [face.width * scale, face.height * scale];
  return { image: cut, alpha, face: { left: (side - w) / 2, top: (side - h) / 2, width: w, height: h } };
}

/** Writes the clip with ffmpeg, with the noise of a camera. @returns the faces of each frame */
export async function writeClip(
  path: string,
  scenes: readonly Scene[],
  rate: number,
): Promise<readonly (readonly TrueFace[])[]> {
  const { width, height } = scenes[0]!.background;
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${width}x${height}`,
    '-r',
    String(rate),
    '-i',
    'pipe:0',
  ];
  const coded = [
    '-vf',
    'noise=alls=8:allf=t:all_seed=7',
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '23',
  ];
  const args = ['-y', '-loglevel', 'error', ...raw, ...coded, '-pix_fmt', 'yuv420p', path];
  const child = spawn(ffmpeg, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  const truth: TrueFace[][] = [];
  let firstAppearance = 0;
  for (const { seconds, background, actors } of scenes) {
    for (let n = 0; n < Math.round(seconds * rate); n++) {
      const data = new Uint8Array(background.data);
      const faces: TrueFace[] = [];
      for (const [i, actor] of actors.entries()) {
        const place = actor.path(n / rate);
        if (place === undefined) continue;
        const { face } = actor.cutout;
        const left = Math.round(place.x - face.left - face.width / 2);
        const top = Math.round(place.y - face.top - face.height / 2);
        paste({ width, height, data }, actor.cutout, left, top);
        const box = { ...face, left: left + face.left, top: top + face.top };
        faces.push({ appearance: firstAppearance + i, person: actor.person, box, visible: 1 });
      }
      truth.push(
        faces.map((face, i) => ({ ...face, visible: visible(face.box, faces.slice(i + 1), width, height) })),
      );
      if (!child.stdin.write(data)) await once(child.stdin, 'drain');
    }
    firstAppearance += actors.length;
  }
  child.stdin.end();
  const [status] = (await once(child, 'close')) as [number];
  if (status !== 0) throw new Error(`ffmpeg ended with status ${status}`);
  return truth;
}

/** Lays the cut-out onto the picture, its corner at these pixels. */
export function paste(
  { width, height, data }: RgbImage,
  { image, alpha }: Cutout,
  left: number,
  top: number,
): void {
  for (let y = Math.max(0, -top); y < Math.min(image.height, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(image.width, width - left); x++) {
      const a = alpha[y * image.width + x]!;
      if (a === 0) continue;
      const to = ((top + y) * width + left + x) * 3;
      const from = (y * image.width + x) * 3;
      for (let c = 0; c < 3; c++) data[to + c] = data[to + c]! * (1 - a) + image.data[from + c]! * a;
    }
  }
}

/** By a grid of points: boxes that overlap each other are not counted twice. */
function visible(
  box: Box<'px'>,
  infront: readonly { readonly box: Box<'px'> }[],
  width: number,
  height: number,
): number {
  const grid = 8;
  let seen = 0;
  for (let i = 0; i < grid * grid; i++) {
    const x = box.left + (((i % grid) + 0.5) / grid) * box.width;
    const y = box.top + ((Math.floor(i / grid) + 0.5) / grid) * box.height;
    const hidden = infront.some(
      ({ box: b }) => x > b.left && x < b.left + b.width && y > b.top && y < b.top + b.height,
    );
    if (x >= 0 && x < width && y >= 0 && y < height && !hidden) seen++;
  }
  return seen / (grid * grid);
}
