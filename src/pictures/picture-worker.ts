/** What a thread of picture-workers.ts does: bytes of a picture's file in, its bottleneck out. */

import { workerData } from 'piscina';
import type { NetworkConfig } from '../config.ts';
import { type ErrorCode, WhosinError } from '../errors.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { openPictureBackbone, type PictureReading } from './read-picture.ts';

/** What it takes to open a backbone in another thread. */
export interface WorkerSetting {
  readonly pack: PicturePack;
  readonly config: NetworkConfig;
}

export interface Task {
  readonly bytes: Uint8Array;
  /** Of the picture, for messages. */
  readonly name: string;
}

/** An error would lose its code on the way from thread to thread. */
export type TaskResult = PictureReading | { readonly code: ErrorCode; readonly message: string };

const { pack, config } = workerData as WorkerSetting;
const backbone = openPictureBackbone(pack, config);

export async function readPicture({ bytes, name }: Task): Promise<TaskResult> {
  try {
    return await backbone.read(bytes, name);
  } catch (error) {
    if (error instanceof WhosinError) return { code: error.code, message: error.message };
    throw error;
  }
}
