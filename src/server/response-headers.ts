/** Headers of every answer: no other page may hold this one in a frame, and this page may load nothing from elsewhere. */

import type { FastifyInstance } from 'fastify';

/** For what is named by its content: it never changes. */
export const forEver = 'private, max-age=31536000, immutable';

/** The policy of pages that bring their own style and pictures: nothing in them runs, whatever a photo is called. */
export const ofReports =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function responseHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    const isForOthers = reply.hasHeader('access-control-allow-origin');
    // A report has a stricter one of its own.
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', policy);
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': isForOthers ? 'cross-origin' : 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    });
    // Answers are about people: nothing between here and the browser keeps them.
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'private, no-cache');
  });
}
