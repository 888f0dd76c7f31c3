/**
 * Pictures are read by several threads, each with a backbone of its own that takes one core: a small network shared
 * by all cores leaves them waiting for each other after every layer, and one thread to do all that is between files
 * and networks.
 */

import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { NetworkConfig } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { compiledPictureNetwork } from '../runtime/model-store.ts';
import type { Task, TaskResult, WorkerSetting } from './picture-worker.ts';
import type { PictureReading } from './read-picture.ts';

export interface PictureWorkers {
  /** How many pictures it takes to keep all threads at work. */
  readonly atOnce: number;
  /** @throws WhosinError as `decodePhoto` does, `bad-weights` */
  readonly read: (bytes: Uint8Array, name: string) => Promise<PictureReading>;
  close(): Promise<void>;
}

const mostThreads = 8;

/** While one picture runs through a thread's network the next ones are decoded, and one waits. */
const picturesAThread = 3;

/** Threads start as pictures come. */
export function openPictureWorkers(pack: PicturePack, config: NetworkConfig): PictureWorkers {
  const threads = Math.min(config.threads, mostThreads);
  let pool: Promise<Piscina<Task, TaskResult>> | undefined;
  return {
    atOnce: threads * (picturesAThread + 1),
    async read(bytes, name) {
      pool ??= openPool(pack, config, threads);
      const result = await (await pool).run({ bytes, name });
      if ('code' in result) throw new WhosinError(result.code, result.message);
      return result;
    },
    close: async () => (await pool)?.destroy(),
  };
}

async function openPool(
  pack: PicturePack,
  config: NetworkConfig,
  threads: number,
): Promise<Piscina<Task, TaskResult>> {
  // Compiled here, once.
  await compiledPictureNetwork(pack, 'bottleneck', config.home);
  const setting: WorkerSetting = { pack, config: { ...config, threads: 1 } };
  return new Piscina({
    filename: new URL(`picture-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'readPicture',
    workerData: setting,
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: picturesAThread,
    idleTimeout: Number.POSITIVE_INFINITY,
    // A thread that sleeps between tasks would not hear from its decoders.
    atomics: 'disabled',
  });
}
