/** The same clip with boxes and names: frames go from one ffmpeg to another, sound is copied. */

import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Config } from '../config.ts';
import type { Box, Size } from '../core/geometry.ts';
import type { Label } from '../core/label.ts';
import { cancelled, reasonOf, WhosinError } from '../errors.ts';
import { checkWritable } from '../runtime/atomic-file.ts';
import { removeLeftBehind } from '../runtime/left-behind.ts';
import { complaint, exitOf, inputFile, runProgram, startProgram } from './ffmpeg.ts';
import { drawLabel, type Painted, paintLabel } from './paint-yuv.ts';
import { probeVideo, type Video } from './probe.ts';

/** The boxes and names at a moment: boxes in pixels of the upright clip. */
export type LabelsAt = (time: number) => readonly Label[];

export interface DrawVideoOptions {
  /** Seconds; the whole clip if left out. */
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (time: number, until: number | null) => void;
}

/** Which containers a clip can be drawn into, and the sound that each takes as it is. */
const containers: Readonly<Record<string, readonly string[] | 'any'>> = {
  '.mp4': ['aac', 'mp3', 'ac3', 'eac3', 'alac', 'opus'],
  '.m4v': ['aac', 'mp3', 'ac3', 'eac3', 'alac'],
  '.mov': ['aac', 'mp3', 'ac3', 'eac3', 'alac', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le'],
  '.mkv': 'any',
};

export function isDrawnInto(path: string): boolean {
  return containers[extname(path).toLowerCase()] !== undefined;
}

/** No display shows more; recordings of screens may claim thousands. */
const mostFrameRate = 120;

/**
 * Writes the clip beside its place and renames it there when it is whole. Frames come at a constant rate, the clip's
 * average: players want that, and the sound stays where it was.
 *
 * @throws WhosinError `cannot-write`, `cancelled`, and why the clip cannot be read
 */
export async function drawVideo(
  path: string,
  target: string,
  labelsAt: LabelsAt,
  config: Config,
  { start = 0, end, signal, onProgress }: DrawVideoOptions = {},
): Promise<void> {
  const video = await probeVideo(path, config, signal);
  await checkTarget(path, target, config);
  const ffmpeg = config.ffmpeg ?? 'ffmpeg';
  const size = evenSize(video);
  const rate = Math.min(video.frameRate, mostFrameRate);
  const encoder = await chooseEncoder(ffmpeg, signal);
  await removeLeftBehind(dirname(target));
  const temporary = join(dirname(target), `.whosin-${randomUUID()}.tmp${extname(target).toLowerCase()}`);
  const quiet = '-hide_banner -nostats -loglevel level+error'.split(' ');
  const range = [
    ...(start > 0 ? ['-ss', String(start)] : []),
    ...(end === undefined ? [] : ['-t', String(end - start)]),
  ];
  const raw = '-f rawvideo -pix_fmt yuv420p'.split(' ');
  const filter = `scale=${size.width}:${size.height},setsar=1`;
  const decode = ['-nostdin', ...quiet, ...range, ...inputFile(path), '-map', `0:${video.stream}`].concat([
    '-vf',
    filter,
    '-r',
    String(rate),
    ...raw,
    'pipe:1',
  ]);
  const encode = [
    ...quiet,
    ...raw,
    '-s',
    `${size.width}x${size.height}`,
    '-r',
    String(rate),
    '-i',
    'pipe:0',
  ].concat(
    [...range, ...inputFile(path), ...'-map 0:v:0 -map 1:a? -pix_fmt yuv420p'.split(' '), ...encoder],
    [...soundOptions(video, target), '-map_metadata', '-1', '-metadata', `comment=${mark}`],
    ['-movflags', '+faststart', '-y', `file:${temporary}`],
  );
  const reader = await startProgram(ffmpeg, decode, { stdio: ['ignore', 'pipe', 'ignore'] });
  const writer = await startProgram(ffmpeg, encode, { stdio: ['pipe', 'ignore', 'pipe'] });
  const stop = (): void => {
    reader.kill('SIGKILL');
    writer.kill('SIGKILL');
  };
  signal?.addEventListener('abort', stop);
  const ended = [exitOf(reader), exitOf(writer)] as const;
  const said: string[] = [];
  writer.stderr!.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  // A writer that ended early closes the pipe; its status says why.
  writer.stdin!.on('error', () => {});
  try {
    await copyFrames(reader, writer, size, video, labelsAt, (n) => {
      const time = start + n / rate;
      onProgress?.(time, end ?? video.duration);
      return time;
    });
    writer.stdin!.end();
    const status = await ended[1];
    if (signal?.aborted) throw cancelled();
    if (status !== 0) {
      const reason = said
        .join('')
        .split('\n')
        .flatMap((line) => complaint(line) ?? [])[0];
      throw new WhosinError(
        'cannot-write',
        `Cannot write ${target}: ${reason ?? `ffmpeg ended with status ${status}`}.`,
      );
    }
    await rename(temporary, target).catch((error: unknown) => {
      throw new WhosinError('cannot-write', `Cannot write ${target}: ${reasonOf(error)}.`, { cause: error });
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    await Promise.all(ended);
    await rm(temporary, { force: true });
  }
}

/** Kept in the file, so that a drawn clip may be written over and nothing else is. */
const mark = 'whosin drawing';

export async function isDrawnClip(path: string, config: Config): Promise<boolean> {
  const ask = ['-loglevel', 'quiet', '-of', 'json', '-show_entries', 'format_tags=comment'];
  const { stdout } = await runProgram(config.ffprobe ?? 'ffprobe', [...ask, ...inputFile(path)]);
  return new RegExp(`"comment": *"${mark}"`, 'i').test(stdout);
}

async function checkTarget(path: string, target: string, config: Config): Promise<void> {
  if (!isDrawnInto(target)) {
    throw new WhosinError(
      'usage',
      `Cannot draw into ${target}: name a file that ends in ${Object.keys(containers).join(', ')}.`,
    );
  }
  const [from, to] = await Promise.all([stat(path), stat(target).catch(() => undefined)]);
  const same =
    resolve(path) === resolve(target) ||
    (to !== undefined && from.ino === to.ino && from.dev === to.dev && to.ino !== 0);
  if (same)
    throw new WhosinError('cannot-write', `${target} is the clip itself: give the drawn one another name.`);
  if (to !== undefined && to.size > 0 && !(await isDrawnClip(target, config))) {
    throw new WhosinError(
      'cannot-write',
      `${target} exists and was not drawn by whosin: give the drawn clip another name.`,
    );
  }
  await checkWritable(target);
}

/** Colour is stored for two by two pixels. */
function evenSize({ width, height }: Size): Size {
  return { width: Math.max(2, width - (width % 2)), height: Math.max(2, height - (height % 2)) };
}

async function copyFrames(
  reader: ChildProcess,
  writer: ChildProcess,
  size: Size,
  video: Video,
  labelsAt: LabelsAt,
  onFrame: (n: number) => number,
): Promise<void> {
  const painted = new Map<string, Promise<Painted>>();
  const bytes = (size.width * size.height * 3) / 2;
  const scale = { x: size.width / video.width, y: size.height / video.height };
  let n = 0;
  let frame = Buffer.allocUnsafe(bytes);
  let filled = 0;
  for await (const part of reader.stdout!) {
    const chunk = part as Buffer;
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.copy(frame, filled, at, at + bytes - filled);
      filled += taken;
      at += taken;
      if (filled < bytes) continue;
      for (const label of labelsAt(onFrame(n++))) {
        const box: Box<'px'> = {
          left: label.box.left * scale.x,
          top: label.box.top * scale.y,
          width: label.box.width * scale.x,
          height: label.box.height * scale.y,
        };
        const key = `${label.tone} ${label.text}`;
        const tag = painted.get(key) ?? paintLabel(label, size);
        painted.set(key, tag);
        drawLabel(frame, size, box, await tag);
      }
      if (!writer.stdin!.writable) return;
      // The pipe may still hold the last frame: it is not written over.
      if (!writer.stdin!.write(frame)) {
        await drained(writer.stdin!);
      }
      frame = Buffer.allocUnsafe(bytes);
      filled = 0;
    }
  }
}

function drained(pipe: Writable): Promise<void> {
  return new Promise((goOn) => {
    const done = (): void => {
      pipe.off('drain', done);
      pipe.off('close', done);
      goOn();
    };
    pipe.on('drain', done);
    pipe.on('close', done);
  });
}

function soundOptions({ sound }: Video, target: string): string[] {
  const copied = containers[extname(target).toLowerCase()]!;
  if (sound === null) return [];
  return copied === 'any' || copied.includes(sound) ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '192k'];
}

/** H.264 plays everywhere; builds without it have MPEG-4, which plays nearly everywhere. */
async function chooseEncoder(ffmpeg: string, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await runProgram(ffmpeg, ['-hide_banner', '-encoders'], signal);
  if (/\blibx264\b/.test(stdout)) return ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20'];
  if (/\bh264_videotoolbox\b/.test(stdout)) return ['-c:v', 'h264_videotoolbox', '-b:v', '8M'];
  if (/\blibopenh264\b/.test(stdout)) return ['-c:v', 'libopenh264', '-b:v', '8M'];
  return ['-c:v', 'mpeg4', '-q:v', '3'];
}
