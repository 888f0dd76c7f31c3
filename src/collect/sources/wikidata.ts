/**
 * Wikidata knows a person's own category on Wikimedia Commons (property P373): people have sorted those photos by
 * hand, so this source is the surest.
 */

import type { Query } from '../query-list.ts';
import { type AskJson, addressOf, list, member, type Source, text } from '../source.ts';
import { commonsApi, files, pages } from './media-wiki.ts';

export interface WikidataOptions {
  readonly api?: string;
  readonly commons?: string;
  /** Subjects that are not people. */
  readonly things?: boolean;
}

/** Most photos of a person photographed often lie in categories below: by year, by event. */
const mostCategories = 60;

const human = 'Q5';

export function wikidata(
  ask: AskJson,
  { api = 'https://www.wikidata.org/w/api.php', commons = commonsApi, things = false }: WikidataOptions = {},
): Source {
  return {
    name: 'wikidata',
    async *search(query) {
      const items = query.item === undefined ? await itemsCalled(ask, api, query) : [query.item];
      const category = await categoryOf(ask, api, items, things);
      if (category === undefined) return;
      const known = new Set([category]);
      // A set is walked in the order of adding, and what is added on the way is walked too.
      for (const title of known) {
        const generator = { generator: 'categorymembers', gcmtitle: `Category:${title}`, gcmlimit: '50' };
        yield* files(ask, commons, { ...generator, gcmtype: 'file' });
        if (known.size < mostCategories) {
          for (const sub of await categoriesIn(ask, commons, title)) {
            // "Family of X" and "Places named after X" lie below X too; their names begin with other words.
            if (sub.startsWith(category) && known.size < mostCategories) known.add(sub);
          }
        }
      }
    },
  };
}

/** Items whose label or alias is the name, as Wikidata ranks them. */
async function itemsCalled(ask: AskJson, api: string, { words }: Query): Promise<string[]> {
  const parameters = { action: 'wbsearchentities', search: words, language: 'en', type: 'item', limit: '10' };
  const answer = await ask(addressOf(api, { ...parameters, format: 'json' }));
  return list(member(answer, 'search')).flatMap((found) => {
    const id = text(member(found, 'id'));
    return id !== undefined && /^Q\d+$/.test(id) ? [id] : [];
  });
}

/** The category of the first item that has one and, where people are wanted, is human (P31: instance of). */
async function categoryOf(
  ask: AskJson,
  api: string,
  items: readonly string[],
  things: boolean,
): Promise<string | undefined> {
  if (items.length === 0) return undefined;
  const parameters = { action: 'wbgetentities', ids: items.join('|'), props: 'claims', format: 'json' };
  const answer = await ask(addressOf(api, parameters));
  for (const id of items) {
    const claims = member(answer, 'entities', id, 'claims');
    const values = (property: string): unknown[] =>
      list(member(claims, property)).map((claim) => member(claim, 'mainsnak', 'datavalue', 'value'));
    const category = values('P373')
      .map(text)
      .find((name) => name !== undefined);
    const isHuman = values('P31').some((value) => member(value, 'id') === human);
    if (category !== undefined && (things || isHuman)) return category;
  }
  return undefined;
}

async function categoriesIn(ask: AskJson, commons: string, title: string): Promise<string[]> {
  const parameters = {
    action: 'query',
    format: 'json',
    formatversion: '2',
    list: 'categorymembers',
    cmtitle: `Category:${title}`,
    cmtype: 'subcat',
    cmlimit: '500',
  };
  const names: string[] = [];
  for await (const answer of pages(ask, commons, parameters)) {
    for (const found of list(member(answer, 'query', 'categorymembers'))) {
      const name = text(member(found, 'title'))?.replace(/^[^:]*:/, '');
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}
