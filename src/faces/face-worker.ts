/** What a thread of face-workers.ts does: bytes of a photo's file in, its faces with embeddings out. */

import { workerData } from 'piscina';
import type { NetworkConfig } from '../config.ts';
import { type ErrorCode, WhosinError } from '../errors.ts';
import type { FacePack } from '../models/pack.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { encodePhotoFaces } from './face.ts';
import { openFaceReader } from './read-faces.ts';

/** What it takes to open a pack's networks in another thread. */
export interface WorkerSetting {
  readonly pack: FacePack;
  readonly config: NetworkConfig;
}

export interface Task {
  readonly bytes: Uint8Array;
  /** Of the photo, for messages. */
  readonly name: string;
}

/** An error would lose its code on the way from thread to thread. */
export type TaskResult =
  | { readonly faces: Uint8Array }
  | { readonly code: ErrorCode; readonly message: string };

const { pack, config } = workerData as WorkerSetting;
const reader = openFaceReader(pack, config);

export async function readFacesOf({ bytes, name }: Task): Promise<TaskResult> {
  try {
    return { faces: encodePhotoFaces(await reader.read(await decodePhoto(bytes, name))) };
  } catch (error) {
    if (error instanceof WhosinError) return { code: error.code, message: error.message };
    throw error;
  }
}
