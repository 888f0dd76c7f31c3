/**
 * Openverse: openly licensed pictures of many collections (https://api.openverse.org/v1/). Without an account a page
 * holds 20, and a search at most 240: the answer's `page_count` says where it ends.
 */

import type { Query } from '../query-list.ts';
import {
  type AskJson,
  addressOf,
  type Candidate,
  described,
  list,
  member,
  type Source,
  text,
  webAddress,
} from '../source.ts';

const pageSize = '20';

/** Openverse ends earlier; a server that never does would be asked for ever. */
const mostPages = 50;

export function openverse(ask: AskJson, api = 'https://api.openverse.org/v1/'): Source {
  return {
    name: 'openverse',
    async *search({ words }: Query) {
      for (let page = 1; ; page++) {
        const parameters = { q: words, page: String(page), page_size: pageSize };
        const answer = await ask(addressOf(new URL('images/', api).href, parameters));
        const results = list(member(answer, 'results'));
        for (const result of results) {
          const candidate = read(result);
          if (candidate) yield candidate;
        }
        const pages = member(answer, 'page_count');
        const last = typeof pages === 'number' ? Math.min(mostPages, pages) : 1;
        if (results.length === 0 || page >= last) return;
      }
    },
  };
}

function read(result: unknown): Candidate | undefined {
  const address = webAddress(member(result, 'url'));
  if (address === undefined) return undefined;
  return described(
    { address },
    {
      page: webAddress(member(result, 'foreign_landing_url')),
      title: text(member(result, 'title')),
      author: text(member(result, 'creator')),
      licence: licenceName(text(member(result, 'license')), text(member(result, 'license_version'))),
      licenceAddress: webAddress(member(result, 'license_url')),
    },
  );
}

/** "by-sa", "2.0" as people know it: CC BY-SA 2.0. */
function licenceName(slug: string | undefined, version = ''): string | undefined {
  if (slug === undefined) return undefined;
  if (slug === 'pdm') return 'Public Domain Mark';
  const name = slug === 'cc0' ? 'CC0' : slug.startsWith('by') ? `CC ${slug.toUpperCase()}` : slug;
  return `${name} ${version}`.trim();
}
