/** The sources there are, by name. */

import { readFile, stat } from 'node:fs/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import type { AskJson, Source } from './source.ts';
import { commons } from './sources/commons.ts';
import { folder } from './sources/folder.ts';
import { openverse } from './sources/openverse.ts';
import { urls } from './sources/urls.ts';
import { wikidata } from './sources/wikidata.ts';

/** The surest first: photos that people sorted, then searches. All of them hold openly licensed photos. */
export const defaultSources = ['wikidata', 'commons', 'openverse'] as const;

export interface SourceOptions {
  readonly things?: boolean;
  /** For `urls`: a CSV file of name,address. */
  readonly urlFile?: string;
  /** For `folder`: holds one folder of photos for each name. */
  readonly folder?: string;
  /** Other places where the same APIs answer. */
  readonly openverseApi?: string;
  readonly commonsApi?: string;
  readonly wikidataApi?: string;
}

const makers: Readonly<Record<string, (ask: AskJson, options: SourceOptions) => Source | Promise<Source>>> = {
  wikidata: (ask, { wikidataApi, commonsApi, things = false }) =>
    wikidata(ask, {
      things,
      ...(wikidataApi !== undefined && { api: wikidataApi }),
      ...(commonsApi !== undefined && { commons: commonsApi }),
    }),
  commons: (ask, { commonsApi }) => commons(ask, commonsApi),
  openverse: (ask, { openverseApi }) => openverse(ask, openverseApi),
  async urls(_, { urlFile }) {
    if (urlFile === undefined) throw missing('urls', '--urls FILE with lines of name,address');
    const bytes = await readFile(urlFile).catch((error: unknown) => {
      throw new WhosinError('not-found', `Cannot read ${urlFile}: ${reasonOf(error)}.`, { cause: error });
    });
    return urls(bytes.toString('utf8'), urlFile);
  },
  async folder(_, { folder: root }) {
    if (root === undefined) throw missing('folder', '--folder DIR with one folder of photos for each name');
    if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
      throw new WhosinError('not-found', `${root} is not a folder.`);
    }
    return folder(root);
  },
};

/** @throws WhosinError `usage` for a name that is none, or a source that lacks what it needs */
export async function openSources(
  names: readonly string[],
  ask: AskJson,
  options: SourceOptions = {},
): Promise<Source[]> {
  return Promise.all(
    [...new Set(names)].map(async (name) => {
      const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
      if (make) return make(ask, options);
      throw new WhosinError(
        'usage',
        `There is no source "${name}": choose from ${Object.keys(makers).join(', ')}.`,
      );
    }),
  );
}

function missing(source: string, need: string): WhosinError {
  return new WhosinError('usage', `The source ${source} needs ${need}.`);
}
