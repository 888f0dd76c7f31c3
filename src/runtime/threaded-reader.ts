/** A reader of photos: of their files by several threads, of pictures that are there already by this one with all cores. */

import type { NetworkConfig } from '../config.ts';
import { type Door, openDoor } from './door.ts';
import { limitMemory, threadsWithin } from './photo-memory.ts';
import { openPhotoThreads, type ReadBytes } from './photo-threads.ts';

/** One set of networks in one thread, opened at the first photo. */
export interface OneReader<T> {
  /** @throws WhosinError as `decodePhoto` does */
  readonly read: ReadBytes<T>;
  close(): Promise<void>;
}

export interface ThreadedReader<T, R> extends Pick<Door, 'requireOpen' | 'enter'> {
  /** The one that has all cores. Enter before it is used, so that it is not closed meanwhile. */
  readonly alone: R;
  /** Reads a file in whichever thread is free. */
  readonly read: ReadBytes<T>;
  /** How many files it takes to keep all cores at work. */
  readonly atOnce: number;
  /** Waits for what is inside the networks, then frees them; everything is refused from then on (`usage`). */
  readonly close: () => Promise<void>;
}

export interface ThreadedReaderOptions<R, Setting> {
  readonly open: (config: NetworkConfig) => R;
  /** How many photos a thread has in hand. */
  readonly photosAThread: number;
  /** The module of the other threads, whose `readPhoto` is what `photoWork` made. */
  readonly module: URL;
  /** The data with which the other threads open theirs; made once, without functions. */
  readonly setting: (config: NetworkConfig) => Promise<Setting>;
}

export function openThreadedReader<T, R extends OneReader<T>, Setting>(
  config: NetworkConfig,
  { open, photosAThread, module, setting }: ThreadedReaderOptions<R, Setting>,
): ThreadedReader<T, R> {
  limitMemory(config);
  const oneCore = { ...config, threads: 1 };
  const alone = open(config);
  // If threads read side by side, a network takes one core.
  const amongOthers = config.threads === 1 ? alone : open(oneCore);
  const door = openDoor();
  const threads = openPhotoThreads<T, Setting>({
    threads: threadsWithin(config),
    photosAThread,
    readHere: amongOthers.read,
    module,
    setting: () => setting(oneCore),
  });
  return {
    alone,
    requireOpen: door.requireOpen,
    enter: door.enter,
    read: (...args) => door.enter(() => threads.read(...args)),
    atOnce: threads.atOnce,
    async close() {
      const closed = door.close(async () => {
        await alone.close();
        if (amongOthers !== alone) await amongOthers.close();
      });
      // Refuses what waits for a thread: nobody comes out of the door before.
      await threads.close();
      await closed;
    },
  };
}
