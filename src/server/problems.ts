/** Failures as HTTP tells them: problem documents (RFC 9457) with whosin's codes. */

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { WhosinError } from '../errors.ts';
import { isForPeople, problemPage } from './problem-page.ts';
import { ofReports } from './response-headers.ts';

export interface Problem {
  /** A whosin code, or what HTTP has a name for. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The file that it is about. */
  readonly path?: string;
}

/** A failure that is HTTP's own, with its status. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof WhosinError) {
    const { code, httpStatus: status, message: detail, path } = error;
    return { code, status, title: titleOf(code), detail, ...(path !== undefined && { path }) };
  }
  if (error instanceof HttpProblem) {
    return { code: error.code, status: error.status, title: titleOf(error.code), detail: error.message };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const detail = error.validation
      .map(
        ({ instancePath, message }) => `${instancePath.slice(1) || 'the request'}: ${message ?? 'is wrong'}`,
      )
      .join('; ');
    return { code: 'usage', status: 400, title: titleOf('usage'), detail };
  }
  const { statusCode: status = 500, code, message } = error as FastifyError;
  if (status >= 400 && status < 500) {
    return {
      code: httpCodes[status] ?? 'usage',
      status,
      title: titleOf(httpCodes[status] ?? 'usage'),
      detail: message,
    };
  }
  // The reason stays in the server's log: it may hold paths and names.
  const detail = `whosin failed, and should not have (${code ?? 'fault'}). The server's messages say more.`;
  return { code: 'fault', status: 500, title: titleOf('fault'), detail };
}

const httpCodes: Readonly<Record<number, string>> = {
  404: 'not-found',
  405: 'not-allowed',
  408: 'too-slow',
  413: 'too-large',
  415: 'not-accepted',
  429: 'too-many',
};

function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error(error);
  if (error instanceof HttpProblem) void reply.headers(error.headers);
  void reply.code(problem.status);
  if (isForPeople(request)) {
    void reply.type('text/html; charset=utf-8').header('content-security-policy', ofReports);
    return reply.send(problemPage(problem));
  }
  return reply
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem, instance: request.url.split('?')[0] });
}
