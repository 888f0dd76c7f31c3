/**
 * A request that is sent twice is done once (draft-ietf-httpapi-idempotency-key-header): with the same `Idempotency-Key`
 * the answer of the first is given again.
 */

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problems.ts';

interface Kept {
  readonly key: string;
  readonly fingerprint: string;
  /** Not there while the first is under way. */
  answer?: { readonly status: number; readonly type: string; readonly body: string };
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotent?: Kept | undefined;
  }
}

const remembered = 5000;
const longestKey = 200;
/** Refusals that time or another request may end. */
const passing = new Set([404, 408, 409, 421, 423, 425, 429]);

const changing = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);

export function idempotency(app: FastifyInstance): void {
  const kept = new Map<string, Kept>();

  app.addHook('preHandler', async (request, reply): Promise<unknown> => {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !changing.has(request.method) || request.isMultipart()) return undefined;
    if (key === '' || key.length > longestKey) {
      throw new HttpProblem(400, 'usage', `An Idempotency-Key has 1 to ${longestKey} characters.`);
    }
    const fingerprint = createHash('sha256')
      .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
      .digest('hex');
    // A key of one user means nothing in the hands of another.
    const own = `${request.visitor.name}\n${key}`;
    const known = kept.get(own);
    if (known === undefined) {
      request.idempotent = { key: own, fingerprint };
      kept.set(own, request.idempotent);
      if (kept.size > remembered) kept.delete(kept.keys().next().value!);
      return undefined;
    }
    if (known.fingerprint !== fingerprint) {
      throw new HttpProblem(422, 'usage', 'This Idempotency-Key was used for another request.');
    }
    if (known.answer === undefined) {
      throw new HttpProblem(409, 'in-use', 'The first request with this Idempotency-Key is under way.', {
        'retry-after': '1',
      });
    }
    const { status, type, body } = known.answer;
    return reply.code(status).type(type).header('idempotent-replayed', 'true').send(body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotent } = request;
    if (idempotent === undefined) return payload;
    // Not an answer for ever: the next try may succeed.
    const isPassing = passing.has(reply.statusCode) || reply.statusCode >= 500;
    if (isPassing || typeof payload !== 'string') {
      kept.delete(idempotent.key);
    } else {
      idempotent.answer = {
        status: reply.statusCode,
        type: String(reply.getHeader('content-type') ?? 'application/json'),
        body: payload,
      };
    }
    return payload;
  });
}
