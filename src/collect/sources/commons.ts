/** Wikimedia Commons by full-text search: photos whose page holds the words. */

import type { Query } from '../query-list.ts';
import type { AskJson, Source } from '../source.ts';
import { commonsApi, files } from './media-wiki.ts';

export function commons(ask: AskJson, api = commonsApi): Source {
  return {
    name: 'commons',
    search: ({ words }: Query) =>
      files(ask, api, {
        generator: 'search',
        // In quotation marks the words must stand together: two halves of two names are nobody.
        gsrsearch: `"${words.replaceAll('"', ' ')}" filetype:bitmap`,
        gsrnamespace: '6',
        gsrlimit: '50',
      }),
  };
}
