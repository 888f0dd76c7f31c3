/** A failure for somebody who opened an address in a browser: the same words as in the JSON of programs, as a page. */

import type { FastifyRequest } from 'fastify';
import { html, page } from '../report/html.ts';

/** A browser that opens an address says so; scripts and programs do not. */
export function isForPeople({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html');
}

export function problemPage(problem: {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}): string {
  const { status, title, detail } = problem;
  // People type what stands in backticks.
  const words = detail
    .split('`')
    .map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
  return page(
    `${title} · whosin`,
    html`
<h1>${status === 401 ? 'This album is locked' : title}</h1>
<p>${words}</p>`,
  );
}
