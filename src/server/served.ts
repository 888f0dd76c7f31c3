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
import type { Engine } from '../engine/open-engine.ts';
import type { Admission } from './admission.ts';
import type { Events } from './events.ts';
import type { Jobs } from './jobs.ts';
import type { Thumbnails } from './thumbnails.ts';

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
  /** Models of people that uploads may be compared with, by their names. */
  readonly models: ReadonlyMap<string, string>;
  readonly version: string;
}
