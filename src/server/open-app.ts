/** The HTTP library with whosin's limits, its words for failures, and its OpenAPI document. */

import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import fastify, { LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { namedSchemas } from './named-schemas.ts';
import { sendProblem } from './problems.ts';
import { loggerFor, noteRequests } from './request-log.ts';
import type { App } from './served.ts';
import { largestPhoto, mostPhotos } from './uploads.ts';

/** Bytes of JSON. */
const largestBody = 2 * 1024 * 1024;

/** Milliseconds a client has for its headers and its body: slow ones must not hold up others. */
const usualPatience = 60_000;

export interface AppOptions {
  readonly version: string;
  /** Told of failures that should not be, a JSON object each. */
  readonly onFault: (line: string) => void;
  /** Told of them, and of each request that was answered. */
  readonly log?: ((line: string) => void) | undefined;
  readonly patience?: number | undefined;
}

export async function openApp({ version, onFault, log, patience = usualPatience }: AppOptions): Promise<App> {
  const app = fastify({
    logger: loggerFor(onFault, log),
    // They are noted in one line each (request-log.ts), and not in two.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBody,
    requestTimeout: patience,
    // Node looks for slow ones every half minute by itself.
    http: { headersTimeout: patience, connectionsCheckingInterval: patience / 10 },
    // A server that ends does not wait for idle browsers.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  noteRequests(app);
  app.setErrorHandler(sendProblem);
  await app.register(cookie);
  await app.register(etag, { weak: true });
  await app.register(multipart, {
    limits: { fileSize: largestPhoto, files: mostPhotos, fields: 20, parts: mostPhotos + 20 },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'whosin', version, description: 'Who is in a photo, on your own machine.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: namedSchemas,
  });
  return app;
}
