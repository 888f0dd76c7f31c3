/** Settings from the environment, read once. Flags override them in the commands. */

import { availableParallelism, homedir, totalmem } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { WhosinError } from './errors.ts';

export interface Config {
  /** The folder of compiled networks and cached bottlenecks. */
  readonly home: string;
  /** The folder of models that were pulled or added. */
  readonly packs: string;
  /** The folder of albums, which has a folder for each. */
  readonly albums: string;
  /** Threads that ONNX Runtime may use for one network. */
  readonly threads: number;
  /** Bytes of memory that the process may use: photos wait for each other, or are refused, so that it stays below. */
  readonly memory?: number;
  /** Bits of the weights of networks that calculate with bytes; if left out, as many as the processor adds up exactly. */
  readonly weightBits?: WeightBits;
  /** Told of each compiled network that could not be stored in `home`; the work goes on. */
  readonly onNotKept?: (reason: string) => void;
  /** The commands that decode and write videos; looked for on PATH where they are plain names. */
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  /** The command that puts names into photos; likewise. */
  readonly exiftool?: string;
}

/** The settings for running a network. */
export type NetworkConfig = Pick<Config, 'home' | 'threads' | 'memory' | 'weightBits' | 'onNotKept'>;

/** 8 for processors that add up products of bytes exactly; the sum of two products with 7 fits into 16 bits on all. */
export type WeightBits = 7 | 8;

/**
 * Files that can be computed again lie in `WHOSIN_HOME`, else `$XDG_CACHE_HOME/whosin`, else `~/.cache/whosin`; models
 * in `WHOSIN_HOME/packs`, else `$XDG_DATA_HOME/whosin/models`, else `~/.local/share/whosin/models`; albums in `albums`
 * beside the models (XDG Base Directory Specification). `WHOSIN_THREADS`, else the cores there are; `WHOSIN_MEMORY`, else a
 * quarter of the machine's memory, or of what the process is given of it, but at least 1 GB; `WHOSIN_WEIGHT_BITS`,
 * else as the processor needs; `WHOSIN_FFMPEG`, `WHOSIN_FFPROBE` and `WHOSIN_EXIFTOOL`, else what PATH has.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own = environment['WHOSIN_HOME'];
  // The specification: a path there that is not absolute is to be ignored.
  const folder = (variable: string, ...usual: string[]): string => {
    const xdg = environment[variable];
    return xdg && isAbsolute(xdg) ? xdg : join(homedir(), ...usual);
  };
  const home = own ? resolve(own) : join(folder('XDG_CACHE_HOME', '.cache'), 'whosin');
  const data = (name: string): string => join(folder('XDG_DATA_HOME', '.local', 'share'), 'whosin', name);
  const asked = environment['WHOSIN_THREADS'];
  const threads = asked === undefined || asked === '' ? availableParallelism() : Number(asked);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new WhosinError('usage', `WHOSIN_THREADS is "${asked}": give a whole number from 1 up.`);
  }
  const bits = environment['WHOSIN_WEIGHT_BITS'];
  if (bits && bits !== '7' && bits !== '8') {
    throw new WhosinError('usage', `WHOSIN_WEIGHT_BITS is "${bits}": give 7 or 8.`);
  }
  return Object.freeze({
    home,
    packs: own ? join(home, 'packs') : data('models'),
    albums: own ? join(home, 'albums') : data('albums'),
    threads,
    memory: memoryOf(environment['WHOSIN_MEMORY']),
    ...(bits && { weightBits: Number(bits) as WeightBits }),
    ffmpeg: environment['WHOSIN_FFMPEG'] || 'ffmpeg',
    ffprobe: environment['WHOSIN_FFPROBE'] || 'ffprobe',
    exiftool: environment['WHOSIN_EXIFTOOL'] || 'exiftool',
  });
}

const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9 };

/** Less has no room for the program, the networks of one thread and a photo. */
const leastMemory = 5e8;

function memoryOf(asked: string | undefined): number {
  if (!asked) return Math.max(machineMemory() / 4, 1e9);
  const [, number, unit] = /^([0-9]+(?:[.][0-9]+)?) ?(MB|GB)$/i.exec(asked.trim()) ?? [];
  const memory = Number(number) * (units[unit?.toUpperCase() ?? ''] ?? Number.NaN);
  if (memory >= leastMemory) return memory;
  const fault = Number.isNaN(memory)
    ? 'give a number with MB or GB, such as 2GB'
    : 'whosin takes at least 500 MB';
  throw new WhosinError('usage', `WHOSIN_MEMORY is "${asked}": ${fault}.`);
}

/** Containers are given a part of it; 0 or more than there is where there is no such limit. */
function machineMemory(): number {
  const given = process.constrainedMemory?.() ?? 0;
  return given > 0 ? Math.min(given, totalmem()) : totalmem();
}
