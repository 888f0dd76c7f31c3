/** Frames of a video with their own times, decoded by ffmpeg and read over a pipe. */

import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Config } from '../config.ts';
import type { Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import { cancelled } from '../errors.ts';
import { complaint, exitOf, inputFile, passthrough, startProgram } from './ffmpeg.ts';
import type { Video } from './probe.ts';

export interface Frame {
  /** Counts all frames of the clip from `start` on, those that are passed over too. */
  readonly index: number;
  /** Seconds from the beginning of the file: the frame's own, whatever the frame rate. */
  readonly time: number;
  /** Upright, with square pixels, at the working size. */
  readonly image: RgbImage;
  /** Times of cuts since the last frame that was yielded, this one's included. */
  readonly cuts: readonly number[];
}

export interface FrameOptions {
  /** Look at every n-th frame. */
  readonly every: number;
  /** Seconds; the beginning and the end where left out. */
  readonly start?: number;
  readonly end?: number;
  /** Pixels of the longer side; larger frames are scaled down to it. */
  readonly side?: number;
  readonly signal?: AbortSignal;
}

/** The facts that are known once the last frame was read. */
export interface Ending {
  /** All frames from `start` to `end`, those that were passed over too. */
  readonly frames: number;
  /** Time of the last frame; `start` where there was none. */
  readonly time: number;
  /** Why the end was not reached, in ffmpeg's words; absent if it was. */
  readonly cutOff?: string;
}

/**
 * A new shot begins where the luma of two frames in a row differs by this much, and by this much more than that of
 * the two before (ffmpeg, libavfilter/f_select.c, `scene`). Its manual calls 0.3 to 0.5 sane, but cuts in a dark hall
 * reach 0.2 only. A cut that is none ends a track early; one that is missed may join two people.
 */
const cutScore = 0.15;

/** Seconds that a clip may end before its file says so, and be whole: sound often runs on after the last frame. */
const endTolerance = 0.5;

/** Frames that wait in ffmpeg: enough for the longest look, a search of the whole frame. */
const framesAhead = 4;

/** The size at which faces of 40 pixels are still found, at a tenth of the cost of 4K. */
const workingSide = 1280;

export function workingSize({ width, height }: Size, side = workingSide): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Yields every n-th frame. ffmpeg waits where the caller is slow, so that no more than a few frames are in memory,
 * and is ended where the caller stops early. A file that breaks off ends the frames and says so in what is returned.
 *
 * @throws WhosinError `no-ffmpeg`, or `cancelled` if the signal says so
 */
export async function* readFrames(
  video: Video,
  config: Config,
  { every, start = 0, end, side, signal }: FrameOptions,
): AsyncGenerator<Frame, Ending> {
  if (signal?.aborted) throw cancelled();
  const size = workingSize(video, side);
  const chain = [
    // Passes every frame, and notes how far it differs from the one before.
    "select='gte(scene,0)'",
    'metadata@all=mode=print',
    `select='not(mod(n,${every}))'`,
    'metadata@chosen=mode=print',
    `scale=${size.width}:${size.height}:flags=bilinear`,
    'setsar=1',
    'format=rgb24',
  ].join(',');
  const args = [
    ...'-nostdin -hide_banner -nostats -loglevel level+info'.split(' '),
    ...(start > 0 ? ['-ss', String(start)] : []),
    // Before the input: behind it, frames beyond the end would still go through the filters and be counted.
    ...(end === undefined ? [] : ['-t', String(end - start)]),
    ...inputFile(video.path),
    '-map',
    `0:${video.stream}`,
    '-vf',
    chain,
    ...(await passthrough(config)),
    // While a frame is looked at the next ones are decoded: a pipe holds but a small part of one.
    ...`-c:v rawvideo -f fifo -fifo_format rawvideo -queue_size ${framesAhead} pipe:1`.split(' '),
  ];
  const child = await startProgram(config.ffmpeg ?? 'ffmpeg', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  const closed = exitOf(child);
  const notes = readNotes(child, start, video.frameRate);
  try {
    let cutsSeen = 0;
    let yielded = 0;
    for await (const data of pieces(child, size.width * size.height * 3)) {
      // ffmpeg notes a frame before it writes it, but the two pipes may be read in another order.
      const { index, time } = await notes.chosen(yielded++);
      const cuts = notes.cuts.filter((cut) => cut <= time).slice(cutsSeen);
      cutsSeen += cuts.length;
      yield { index, time, image: { ...size, data }, cuts };
    }
    const status = await closed;
    if (signal?.aborted) throw cancelled();
    await notes.finished;
    const { frames, last } = notes.count();
    const time = last ?? start;
    const until = Math.min(video.duration ?? 0, end ?? Number.POSITIVE_INFINITY);
    const short = until - time > Math.max(endTolerance, 2 / video.frameRate);
    const failed = status !== 0 || (short && notes.complaints.length > 0);
    const reason =
      notes.complaints.at(-1) ?? (status === 0 ? undefined : `ffmpeg ended with status ${status}`);
    return { frames, time, ...(failed && reason !== undefined && { cutOff: reason }) };
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.exitCode === null && child.signalCode === null) stop();
    await closed;
  }
}

/** Does something with every frame; ffmpeg is ended where that fails. */
export async function eachFrame(
  frames: AsyncGenerator<Frame, Ending>,
  work: (frame: Frame) => Promise<void>,
): Promise<Ending> {
  let whole = false;
  try {
    for (;;) {
      const next = await frames.next();
      if (next.done) {
        whole = true;
        return next.value;
      }
      await work(next.value);
    }
  } finally {
    if (!whole) await frames.return({ frames: 0, time: 0 });
  }
}

/** Standard output in pieces of one frame each; what is left at the end is no whole frame. */
async function* pieces(child: ChildProcess, bytes: number): AsyncGenerator<Uint8Array> {
  let frame = new Uint8Array(bytes);
  let filled = 0;
  for await (const part of child.stdout!) {
    const chunk = part as Buffer;
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, bytes - filled);
      frame.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < bytes) continue;
      yield frame;
      frame = new Uint8Array(bytes);
      filled = 0;
    }
  }
}

interface Place {
  readonly index: number;
  readonly time: number;
}

interface Notes {
  /** The place of the n-th frame that is yielded. */
  chosen(n: number): Promise<Place>;
  readonly cuts: readonly number[];
  readonly complaints: readonly string[];
  count(): { readonly frames: number; readonly last: number | undefined };
  readonly finished: Promise<void>;
}

const mostComplaints = 20;

/** The lines of ffmpeg on standard error: times of frames, cuts and complaints. */
function readNotes(child: ChildProcess, start: number, frameRate: number): Notes {
  const places = new Map<number, Place>();
  const waiting = new Map<number, (place: Place) => void>();
  const cuts: number[] = [];
  const complaints: string[] = [];
  let [frames, chosen] = [0, 0];
  let last: number | undefined;
  const lines = createInterface({ input: child.stderr!, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    const [, filter, text] = /^\[metadata@(all|chosen) @ \w+\] \[info\] (.*)$/.exec(line) ?? [];
    if (filter === undefined) {
      const said = complaint(line);
      if (said !== undefined) complaints.push(said);
      if (complaints.length > mostComplaints) complaints.shift();
      return;
    }
    const stamp = /^frame:\d+ .*\bpts_time:(\S+)/.exec(text!)?.[1];
    if (stamp === undefined) {
      const score = /^lavfi\.scene_score=([\d.]+)/.exec(text!)?.[1];
      if (filter === 'all' && Number(score) >= cutScore && last !== undefined) cuts.push(last);
    } else if (filter === 'all') {
      frames++;
      // Raw streams carry no times (NOPTS).
      const own = Number.isNaN(Number(stamp))
        ? (last ?? start - 1 / frameRate) + 1 / frameRate
        : start + Number(stamp);
      last = Math.max(0, own);
    } else {
      const place = { index: frames - 1, time: last ?? start };
      const waiter = waiting.get(chosen);
      waiting.delete(chosen);
      if (waiter) waiter(place);
      else places.set(chosen, place);
      chosen++;
    }
  });
  return {
    chosen: (n) =>
      new Promise((resolve) => {
        const place = places.get(n);
        places.delete(n);
        if (place) resolve(place);
        else waiting.set(n, resolve);
      }),
    cuts,
    complaints,
    count: () => ({ frames, last }),
    finished: new Promise((resolve) => lines.once('close', resolve)),
  };
}
