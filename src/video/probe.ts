/** The streams of a video file, read before any of its frames is decoded. */

import { open, stat } from 'node:fs/promises';
import type { Config } from '../config.ts';
import type { Size } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import { refusal } from '../photos/unreadable.ts';
import { complaint, inputFile, runProgram } from './ffmpeg.ts';
import { type ProbedStream, readProbed } from './probed.ts';

/** A video that can be decoded. Width and height are those of the upright picture with square pixels. */
export interface Video extends Size {
  readonly path: string;
  /** Which of the file's streams is looked at. */
  readonly stream: number;
  /** Seconds; null if the file does not say, as raw streams and recordings that were cut off. */
  readonly duration: number | null;
  /** Frames a second on average. */
  readonly frameRate: number;
  /** The codec of the sound, or null for a silent clip. */
  readonly sound: string | null;
}

/** No camera or screen has more; memory for a frame is bounded by it. */
const maxPixels = 16384 * 16384;

/** Throws `not-found`, `not-a-video`, `damaged-video` or `no-ffmpeg`. */
export async function probeVideo(path: string, config: Config, signal?: AbortSignal): Promise<Video> {
  await checkFile(path);
  const { ffprobe = 'ffprobe' } = config;
  const ask = ['-loglevel', 'level+error', '-of', 'json', '-show_streams', '-show_format'];
  const { status, stdout, stderr } = await runProgram(ffprobe, [...ask, ...inputFile(path)], signal);
  if (status !== 0) throw await refused(path, stderr);
  return videoOf(stdout, path);
}

/**
 * The video that ffprobe describes.
 *
 * @param json what it wrote: the words in it come from the file
 */
export function videoOf(json: string, path: string): Video {
  const probed = readProbed(json, path);
  const { streams } = probed;
  const stream = pictures(streams);
  if (stream === undefined) {
    const what = streams.some(({ kind }) => kind === 'audio')
      ? 'has sound but no pictures'
      : 'shows no pictures';
    throw new WhosinError('not-a-video', `${path} ${what}.`);
  }
  const size = uprightSize(stream);
  if (size === undefined) {
    throw new WhosinError(
      'damaged-video',
      `${path} does not store the size of its pictures: it may be cut off.`,
    );
  }
  if (size.width * size.height > maxPixels) {
    throw new WhosinError(
      'not-a-video',
      `${path} is too large to open safely (${size.width} × ${size.height} pixels).`,
    );
  }
  return {
    path,
    ...size,
    stream: stream.index,
    duration: seconds(probed.duration) ?? seconds(stream.duration) ?? null,
    frameRate: stream.frameRates.map((rate) => ratio(rate, '/')).find((rate) => rate !== undefined) ?? 25,
    sound: streams.find(({ kind }) => kind === 'audio')?.codec ?? null,
  };
}

async function checkFile(path: string): Promise<void> {
  const info = await stat(path).catch((error: unknown) => {
    throw new WhosinError('not-found', `Cannot read ${path}: ${refusal(path, error)}.`, { cause: error });
  });
  if (!info.isFile()) throw new WhosinError('not-a-video', `${path} is not a file.`);
  if (info.size === 0) throw new WhosinError('not-a-video', `${path} is empty (0 bytes).`);
}

/** The largest moving picture; covers of albums are none. If two are equal, the one that the file marks as its default. */
function pictures(streams: readonly ProbedStream[]): ProbedStream | undefined {
  const area = ({ width, height }: ProbedStream): number => width * height;
  return streams
    .filter(({ kind, isCover }) => kind === 'video' && !isCover)
    .toSorted((a, b) => area(b) - area(a) || Number(b.isDefault) - Number(a.isDefault))[0];
}

function uprightSize({ width, height, pixelAspect, rotation }: ProbedStream): Size | undefined {
  if (!(width > 0 && height > 0)) return undefined;
  const wide = Math.max(1, Math.round(width * (ratio(pixelAspect, ':') ?? 1)));
  const quarters = Math.round(rotation / 90);
  return quarters % 2 === 0 ? { width: wide, height } : { width: height, height: wide };
}

function ratio(text: string | undefined, by: string): number | undefined {
  const [over, under] = (text ?? '').split(by).map(Number);
  const value = over! / under!;
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function seconds(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The first bytes of a file of the MP4 family, after four bytes of length (ISO/IEC 14496-12, QuickTime). */
const firstBoxes = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

async function refused(path: string, stderr: string): Promise<WhosinError> {
  const reasons = stderr.split('\n').flatMap((line) => complaint(line) ?? []);
  if (
    reasons.some((reason) => /Format not on whitelist|Invalid data found when processing input/.test(reason))
  ) {
    // That a file begins well and breaks off is a better reason than that it is invalid.
    const begun = reasons.find((reason) => /moov atom not found|truncat|EBML|partial file/i.test(reason));
    // ffmpeg takes anything that is called .mov for one.
    const misnamed = begun?.includes('moov atom') && !firstBoxes.has(await textAt(path, 4, 4));
    if (begun === undefined || misnamed) {
      return new WhosinError('not-a-video', `${path} is not a video: no known video format.`);
    }
    const why = begun.includes('moov atom')
      ? 'the index that is written at the end of a recording is missing (moov atom not found)'
      : begun;
    return new WhosinError('damaged-video', `${path} is damaged or cut off: ${why}.`);
  }
  return new WhosinError(
    'damaged-video',
    `${path} cannot be read as a video: ${reasons.at(-1) ?? 'no reason given'}.`,
  );
}

async function textAt(path: string, position: number, length: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
