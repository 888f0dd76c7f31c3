/** The things that the routes share. */

import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Album } from '../album/open-album.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/open-engine.ts';
import type { Admission } from './admission.ts';
import type { DroppedFolders } from './dropped-folders.ts';
import type { Events } from './events.ts';
import type { Jobs } from './jobs.ts';
import type { KnownModels } from './known-models.ts';
import type { PrivateFolders } from './private-folders.ts';
import type { Thumbnails } from './thumbnails.ts';
import type { TrainedModels } from './trained-models.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface Served {
  readonly album: Album;
  /** Makes the answers to uploads, and small pictures. */
  readonly quick: Engine;
  /** Reads folders: it may take hours. */
  readonly slow: Engine;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly uploads: Admission;
  readonly thumbnails: Thumbnails;
  /** Folders below which photos may be added and seen. */
  readonly roots: readonly string[];
  readonly models: KnownModels;
  readonly trained: TrainedModels;
  readonly drops: DroppedFolders;
  readonly folders: PrivateFolders;
  readonly config: Config;
  readonly version: string;
}
