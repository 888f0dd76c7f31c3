/**
 * What a server notes of itself for programs that read logs: a JSON object a line, for each request that was answered and
 * each failure that should not be. The route is noted and never the address: searches hold names of people.
 */

import type { FastifyInstance, FastifyServerOptions } from 'fastify';

type Logger = Exclude<FastifyServerOptions['logger'], boolean | undefined>;

/** Failures alone, unless `log` is given: then requests too. */
export function loggerFor(onFault: (line: string) => void, log?: (line: string) => void): Logger {
  const format = {
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  if (log === undefined) return { ...format, level: 'error', stream: { write: onFault } };
  return { ...format, level: 'info', stream: { write: log } };
}

export function noteRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ...(request.visitor?.name && { user: request.visitor.name }),
      ms: Math.round(reply.elapsedTime * 10) / 10,
      from: request.ip,
    });
  });
}
