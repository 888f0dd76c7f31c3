/** RECIPE: an album, and everything whosin does, over HTTP on this machine. */

import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import fastify from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Album } from '../album/open-album.ts';
import type { Config } from '../config.ts';
import { openEngine } from '../engine/open-engine.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { openCache } from '../photos/bottleneck-cache.ts';
import type { WriteFile } from '../photos/content-hashes.ts';
import { openAdmission } from './admission.ts';
import { openEvents } from './events.ts';
import { guard } from './guard.ts';
import { idempotency } from './idempotency.ts';
import { openJobs } from './jobs.ts';
import { pageFiles } from './page-files.ts';
import { HttpProblem, sendProblem } from './problems.ts';
import { responseHeaders } from './response-headers.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { jobRoutes } from './routes/job-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { photoRoutes } from './routes/photo-routes.ts';
import { questionRoutes } from './routes/question-routes.ts';
import { recognitionRoutes } from './routes/recognition-routes.ts';
import type { Served } from './served.ts';
import { openThumbnails } from './thumbnails.ts';
import { openDoorkeeper } from './token.ts';
import { largestPhoto, mostPhotos } from './uploads.ts';

export interface ServeOptions {
  readonly config: Pick<Config, 'home'>;
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
  /** Told of failures that should not be. */
  readonly onFault?: (message: string) => void;
}

export interface Running {
  /** `http://127.0.0.1:4000` */
  readonly address: string;
  /** An address that lets a browser in once. */
  link(): string;
  close(): Promise<void>;
}

/** Requests with photos that may wait for the networks; each holds its photos in memory. */
const mostUploads = 16;

/** Bytes of JSON. */
const largestBody = 2 * 1024 * 1024;

/** Milliseconds a client has for its headers and its body: slow ones must not hold up others. */
const patience = 60_000;

/** @throws WhosinError `in-use` if the port is taken, `refused` if it may not be used */
export async function serve(album: Album, options: ServeOptions): Promise<Running> {
  const { config, host = '127.0.0.1', port = 0, token, onFault } = options;
  const app = fastify({
    logger: { level: 'error', stream: { write: (line: string) => onFault?.(line) } },
    bodyLimit: largestBody,
    requestTimeout: patience,
    connectionTimeout: 0,
    // A server that ends does not wait for idle browsers.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new HttpProblem(404, 'not-found', `There is no ${request.method} ${request.url.split('?')[0]}.`),
      request,
      reply,
    ),
  );

  const quick = openEngine();
  const slow = openEngine();
  const events = openEvents();
  const jobs = openJobs((job) => events.send('job', job));
  const served: Served = {
    album,
    quick,
    slow,
    jobs,
    events,
    uploads: openAdmission(mostUploads),
    thumbnails: openThumbnails(album, quick, openCache(config.home, options.write)),
    roots: await Promise.all((options.roots ?? [homedir()]).map((root) => realpath(root))),
    models: options.models ?? new Map(),
    version: options.version,
  };

  await app.register(cookie);
  await app.register(etag, { weak: true });
  await app.register(multipart, {
    limits: { fileSize: largestPhoto, files: mostPhotos, fields: 20, parts: mostPhotos + 20 },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'whosin',
        version: options.version,
        description: 'Who is in a photo, on your own machine.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const doorkeeper = openDoorkeeper(token);
  const own = ['127.0.0.1', 'localhost', '[::1]', ...(isEverywhere(host) ? [] : [host])];
  guard(app, doorkeeper, {
    hosts: [...own, ...(options.allowedHosts ?? [])],
    origins: options.allowedOrigins ?? [],
  });
  responseHeaders(app);
  idempotency(app);
  healthRoutes(app, served);
  await app.register(
    async (api) => {
      const routes = api.withTypeProvider<ZodTypeProvider>();
      photoRoutes(routes, served);
      peopleRoutes(routes, served);
      questionRoutes(routes, served);
      jobRoutes(routes, served);
      recognitionRoutes(routes, served);
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
    },
  };
}

/** Addresses that stand for all of the machine's. */
function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function notListening(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new WhosinError(
      'in-use',
      `Port ${port} of ${host} is taken: stop what uses it, or give another one with --port.`,
      { cause: error },
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new WhosinError(
      'refused',
      `This machine does not let whosin listen on ${host}, port ${port}: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
  return error;
}
