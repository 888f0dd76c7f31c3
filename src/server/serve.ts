/** RECIPE: an album, and everything whosin does, over HTTP on this machine. */

import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Album } from '../album/open-album.ts';
import type { Config } from '../config.ts';
import { openEngine } from '../engine/open-engine.ts';
import { WhosinError } from '../errors.ts';
import { openCache } from '../photos/bottleneck-cache.ts';
import type { WriteFile } from '../photos/content-hashes.ts';
import { openAdmission } from './admission.ts';
import { openDoorkeeper } from './doorkeeper.ts';
import { openDroppedFolders } from './dropped-folders.ts';
import { openEvents } from './events.ts';
import { guard } from './guard.ts';
import { idempotency } from './idempotency.ts';
import { openJobs } from './jobs.ts';
import { openKnownModels } from './known-models.ts';
import { notListening } from './not-listening.ts';
import { openApp } from './open-app.ts';
import { ownHosts } from './own-hosts.ts';
import { pageFiles } from './page-files.ts';
import { openPrivateFolders } from './private-folders.ts';
import { responseHeaders } from './response-headers.ts';
import { dropRoutes } from './routes/drop-routes.ts';
import { evaluationRoutes } from './routes/evaluation-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { jobRoutes } from './routes/job-routes.ts';
import { modelRoutes } from './routes/model-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { photoRoutes } from './routes/photo-routes.ts';
import { questionRoutes } from './routes/question-routes.ts';
import { recognitionRoutes } from './routes/recognition-routes.ts';
import { settingsRoutes } from './routes/settings-routes.ts';
import { trainingRoutes } from './routes/training-routes.ts';
import type { Served } from './served.ts';
import { openThumbnails } from './thumbnails.ts';
import { openTrainedModels } from './trained-models.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly version: string;
  /** How small pictures are stored. */
  readonly write: WriteFile;
  /** Sent by programs; the link of a browser is made of it. */
  readonly token: string;
  /** 127.0.0.1 if left out: nobody but this machine. */
  readonly host?: string;
  /** Any free one if left out. */
  readonly port?: number;
  /** Names of this machine besides its own, as browsers write them. */
  readonly allowedHosts?: readonly string[];
  /** Pages of other sites that may use the server. */
  readonly allowedOrigins?: readonly string[];
  /** Folders that may be read; that of the user if left out. */
  readonly roots?: readonly string[];
  readonly models?: ReadonlyMap<string, string>;
  /** Milliseconds that a client has for its request; a minute if left out. */
  readonly patience?: number;
  /** Told of failures that should not be. */
  readonly onFault?: (message: string) => void;
  /** Told of them instead, and of each request that was answered: a JSON object a line. */
  readonly log?: (line: string) => void;
}

export interface Running {
  /** `http://127.0.0.1:4000` */
  readonly address: string;
  /** An address that lets a browser in once. */
  link(): string;
  close(): Promise<void>;
}

/** Requests with photos that may wait for the networks; they hold their photos in memory. */
const mostUploads = { requests: 128, bytes: 512 * 1024 * 1024 };

/** @throws WhosinError `in-use` if the port is taken, `refused` if it may not be used, `not-found` for a root that is not there */
export async function serve(album: Album, options: ServeOptions): Promise<Running> {
  const { config, host = '127.0.0.1', port = 0, token, version, onFault = () => {} } = options;
  const { allowedHosts = [], log } = options;
  const roots = await Promise.all((options.roots ?? [homedir()]).map(realFolder));
  const app = await openApp({ version, onFault, log, patience: options.patience });
  const doorkeeper = openDoorkeeper({ token, users: album.users });
  guard(app, doorkeeper, {
    hosts: [...ownHosts(host), ...allowedHosts],
    // A proxy with a certificate may ask for the page by another name than browsers do.
    origins: [...(options.allowedOrigins ?? []), ...allowedHosts.map((name) => `https://${name}`)],
  });
  responseHeaders(app);
  idempotency(app);

  const [quick, slow] = [openEngine(config), openEngine(config, { isSlow: true })];
  const events = openEvents();
  const jobs = openJobs((job) => events.send('job', job));
  const folders = openPrivateFolders();
  const trained = openTrainedModels(join(dirname(config.packs), 'trained'));
  const given = options.models ?? new Map<string, string>();
  const drops = openDroppedFolders(folders);
  const served: Served = {
    album,
    quick,
    slow,
    jobs,
    events,
    uploads: openAdmission(mostUploads),
    thumbnails: openThumbnails(album, quick, openCache(config.home, options.write)),
    roots,
    models: openKnownModels(quick, { album: album.address, given, trained }),
    trained,
    drops,
    folders,
    config,
    version,
  };
  healthRoutes(app, served);
  await app.register(
    async (api) => {
      const routes = api.withTypeProvider<ZodTypeProvider>();
      photoRoutes(routes, served);
      peopleRoutes(routes, served);
      questionRoutes(routes, served);
      jobRoutes(routes, served);
      recognitionRoutes(routes, served);
      modelRoutes(routes, served);
      dropRoutes(routes, served);
      trainingRoutes(routes, served);
      evaluationRoutes(routes, served);
      settingsRoutes(routes, served);
    },
    { prefix: '/api/v1' },
  );
  await pageFiles(app);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  const address = await app.listen({ host, port }).catch((error: unknown) => {
    throw notListening(error, host, port);
  });
  return {
    address,
    link: () => `${address}/?token=${doorkeeper.link()}`,
    async close() {
      events.close();
      await jobs.close();
      await app.close();
      await Promise.all([quick.close(), slow.close()]);
      drops.close();
      await folders.close();
    },
  };
}

async function realFolder(path: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw WhosinError.about('not-found', path, 'is not there', error);
  });
}
