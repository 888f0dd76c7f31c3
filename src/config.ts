/** Settings from the environment, read once. Flags override them in the commands. */

import { availableParallelism, homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { WhosinError } from './errors.ts';

export interface Config {
  /** Where compiled networks and cached bottlenecks live. */
  readonly home: string;
  /** Threads that ONNX Runtime may use for one network. */
  readonly threads: number;
  /** The commands that decode and write videos; looked for on PATH where they are plain names. */
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
}

/**
 * `WHOSIN_HOME`, else `$XDG_CACHE_HOME/whosin`, else `~/.cache/whosin` (XDG Base Directory Specification);
 * `WHOSIN_THREADS`, else the cores there are; `WHOSIN_FFMPEG` and `WHOSIN_FFPROBE`, else what PATH has.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own = environment['WHOSIN_HOME'];
  const xdg = environment['XDG_CACHE_HOME'];
  // The specification: a path there that is not absolute is to be ignored.
  const caches = xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  const home = own ? resolve(own) : join(caches, 'whosin');
  const asked = environment['WHOSIN_THREADS'];
  const threads = asked === undefined || asked === '' ? availableParallelism() : Number(asked);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new WhosinError('usage', `WHOSIN_THREADS is "${asked}": give a whole number from 1 up.`);
  }
  return Object.freeze({
    home,
    threads,
    ffmpeg: environment['WHOSIN_FFMPEG'] || 'ffmpeg',
    ffprobe: environment['WHOSIN_FFPROBE'] || 'ffprobe',
  });
}
