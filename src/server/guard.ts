/**
 * Every request is asked three things before anything else: that it is meant for this server (a page on the internet may
 * have its name point here: DNS rebinding), that it comes from this server's own page or from a program, and that whoever
 * sends it may come in, and do that.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookieLasts, type Doorkeeper, type Visitor } from './doorkeeper.ts';
import { HttpProblem } from './problems.ts';
import { checkRole, keepRules } from './rules.ts';

export interface GuardOptions {
  /** `127.0.0.1:4000`; without a port: with any. */
  readonly hosts: readonly string[];
  /** Other pages that may use it, such as `https://example.org`. */
  readonly origins: readonly string[];
}

const cookieName = 'whosin';

/** Answered to anybody on the machine: that the server is there, and whether it is ready. */
const open = new Set(['/healthz/live', '/healthz/ready']);

/** For pages that are allowed: they send the token, never the cookie (CORS, Fetch standard, 3.3). */
const allowed = {
  'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
  'access-control-max-age': '600',
};

/** Wrong tokens within a minute, after which all who have none wait. */
const mostWrong = 30;

export function guard(app: FastifyInstance, doorkeeper: Doorkeeper, { hosts, origins }: GuardOptions): void {
  const wrong = { minute: 0, count: 0 };
  keepRules(app);

  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const isHost = (host: string): boolean => known.has(host) || known.has(host.replace(/:\d+$/, ''));

  const noteWrong = (): void => {
    const minute = Math.floor(Date.now() / 60_000);
    if (wrong.minute !== minute) Object.assign(wrong, { minute, count: 0 });
    if (++wrong.count > mostWrong) {
      throw new HttpProblem(429, 'too-many', 'Too many requests without a token: wait a minute.', {
        'retry-after': '60',
      });
    }
  };

  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const host = (request.headers.host ?? '').toLowerCase();
    if (!isHost(host)) {
      throw new HttpProblem(
        421,
        'wrong-host',
        'This server does not answer to that name: open it by the address that it printed, or allow the name with --allow-host.',
      );
    }
    const { origin } = request.headers;
    // Another port of this machine is another site, though its browser sends our cookie along.
    if (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host) {
      if (!origins.includes(origin)) {
        throw new HttpProblem(403, 'foreign-origin', 'Pages of other sites may not use this server.');
      }
      void reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
      // The question of a browser before it lets the page ask.
      if (request.method === 'OPTIONS') return reply.code(204).headers(allowed).send();
    }
    const [path = '', query = ''] = request.url.split('?');
    if (open.has(path)) return undefined;
    const link = path === '/' ? new URLSearchParams(query).get('token') : null;
    if (link !== null) {
      const cookie = await doorkeeper.redeem(link);
      if (cookie !== undefined) {
        reply.setCookie(cookieName, cookie, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          maxAge: cookieLasts / 1000,
        });
        // A fault of the page must not find the link in its address.
        return reply.redirect('/', 303);
      }
    }
    const visitor = await visitorOf(request, doorkeeper);
    if (visitor !== undefined) {
      request.visitor = visitor;
      checkRole(request);
      return undefined;
    }
    noteWrong();
    throw new HttpProblem(
      401,
      'no-token',
      'Open the link that `whosin serve` printed, or send the token as "Authorization: Bearer …". A link opens once; the next start of `whosin serve` prints another one.',
      { 'www-authenticate': 'Bearer realm="whosin"' },
    );
  });
}

async function visitorOf(
  { headers, cookies }: FastifyRequest,
  doorkeeper: Doorkeeper,
): Promise<Visitor | undefined> {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return doorkeeper.byToken(bearer);
  const cookie = cookies[cookieName];
  return cookie === undefined ? undefined : doorkeeper.byCookie(cookie);
}
