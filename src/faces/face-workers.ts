/**
 * Photos are read by several threads, each with networks of its own that take one thread each: a network shared by
 * all cores leaves them waiting for each other after every layer, and the work between the networks to one of them.
 */

import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { NetworkConfig } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { FacePack, NetworkSpec } from '../models/pack.ts';
import { compiledNetwork } from '../runtime/model-store.ts';
import { decodePhotoFaces, type PhotoFaces } from './face.ts';
import type { Task, TaskResult, WorkerSetting } from './face-worker.ts';

export interface FaceWorkers {
  /** How many photos it takes to keep all threads at work. */
  readonly atOnce: number;
  /** @throws WhosinError as `decodePhoto` does */
  read(bytes: Uint8Array, name: string): Promise<PhotoFaces>;
  close(): Promise<void>;
}

/** Networks and photos of a thread take about 150 MB. */
const mostThreads = 8;

/** While one photo runs through a thread's networks the next one is decoded. */
const photosAThread = 2;

/** Threads start as photos come. */
export function openFaceWorkers(pack: FacePack, config: NetworkConfig): FaceWorkers {
  const threads = Math.min(config.threads, mostThreads);
  let pool: Promise<Piscina<Task, TaskResult>> | undefined;
  return {
    atOnce: threads * photosAThread,
    async read(bytes, name) {
      pool ??= openPool(pack, config, threads);
      const result = await (await pool).run({ bytes, name });
      if ('code' in result) throw new WhosinError(result.code, result.message);
      return decodePhotoFaces(result.faces, pack.space)!;
    },
    close: async () => (await pool)?.destroy(),
  };
}

async function openPool(
  pack: FacePack,
  config: NetworkConfig,
  threads: number,
): Promise<Piscina<Task, TaskResult>> {
  const setting: WorkerSetting = { pack: await sendable(pack, config), config: { ...config, threads: 1 } };
  return new Piscina({
    filename: new URL(`face-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'readFacesOf',
    workerData: setting,
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: photosAThread,
    idleTimeout: Number.POSITIVE_INFINITY,
    // A thread that sleeps between tasks would not hear from its decoders.
    atomics: 'disabled',
  });
}

/** Functions cannot be sent to a thread; its networks are compiled here. */
async function sendable(pack: FacePack, { home }: NetworkConfig): Promise<FacePack> {
  const network = async (spec: NetworkSpec): Promise<NetworkSpec> => {
    await compiledNetwork(spec, home);
    return { ...spec, compile: undefined as never };
  };
  return {
    ...pack,
    detector: await network(pack.detector),
    landmarks: await network(pack.landmarks),
    embedders: await Promise.all(
      pack.embedders.map(async (embedder) => ({ ...embedder, network: await network(embedder.network) })),
    ),
  };
}
