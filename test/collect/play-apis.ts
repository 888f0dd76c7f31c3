/**
 * The answers of Openverse, Wikimedia Commons and Wikidata, written by hand after their documentation: only the members
 * that are read, a few that are not, and the quirks (results out of order, batches told in two answers).
 */

export interface PlayPhoto {
  readonly address: string;
  readonly title: string;
  readonly mime?: string;
}

const pageSize = 20;

/** GET /v1/images/?q=&page=&page_size= */
export function openverseAnswer(url: URL, photos: readonly PlayPhoto[]): unknown {
  const page = Number(url.searchParams.get('page'));
  const results = photos.slice((page - 1) * pageSize, page * pageSize).map(({ address, title }, i) => ({
    id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    title,
    indexed_on: '2020-03-01T12:00:00Z',
    foreign_landing_url: `https://photos.example/${encodeURIComponent(title)}`,
    url: address,
    creator: 'Ann <Author> & co',
    creator_url: 'https://photos.example/ann',
    license: 'by-sa',
    license_version: '2.0',
    license_url: 'https://creativecommons.org/licenses/by-sa/2.0/',
    provider: 'flickr',
    mature: false,
    height: 768,
    width: null,
  }));
  return {
    result_count: photos.length,
    page_count: Math.ceil(photos.length / pageSize),
    page_size: pageSize,
    page,
    results,
  };
}

function filePage(
  { address, title, mime = 'image/jpeg' }: PlayPhoto,
  index: number,
): Record<string, unknown> {
  return {
    pageid: 1000 + index,
    ns: 6,
    title: `File:${title}.jpg`,
    index,
    imagerepository: 'local',
    imageinfo: [
      {
        thumburl: address,
        thumbwidth: 1920,
        url: `${address}?original`,
        descriptionurl: `https://commons.wikimedia.example/wiki/File:${encodeURIComponent(title)}.jpg`,
        mime,
        extmetadata: {
          ObjectName: { value: title, source: 'mediawiki-metadata' },
          Artist: { value: '<a href="//x.example" title="User:B&amp;C">B&amp;C &#246;</a>', hidden: '' },
          LicenseShortName: { value: 'CC BY-SA 4.0', source: 'commons-desc-page', hidden: '' },
          LicenseUrl: { value: 'https://creativecommons.org/licenses/by-sa/4.0' },
        },
      },
    ],
  };
}

/** One page of a MediaWiki generator; the first answer leaves the details of the last file to a second one. */
function generated(url: URL, photos: readonly PlayPhoto[], key: string, size: number): unknown {
  const from = Number(url.searchParams.get(key) ?? 0);
  const pages = photos.slice(from, from + size).map((photo, i) => filePage(photo, from + i + 1));
  const last = pages.at(-1);
  const second = url.searchParams.has('iistart');
  if (last && !second && pages.length > 1) {
    const bare = { ...last, imageinfo: undefined };
    const told = [bare, ...pages.slice(0, -1).toReversed()];
    const again = { [key]: String(from), iistart: String(last['title']), continue: '||' };
    return { continue: again, query: { pages: told } };
  }
  const more =
    from + size < photos.length ? { continue: { [key]: String(from + size), continue: `${key}||` } } : {};
  const told = second
    ? [...pages.slice(0, -1).map((page) => ({ ...page, imageinfo: undefined })), last]
    : pages;
  return pages.length === 0
    ? { batchcomplete: true }
    : { batchcomplete: true, ...more, query: { pages: told } };
}

export interface PlayCategory {
  readonly files: readonly PlayPhoto[];
  readonly below?: readonly string[];
}

/** GET /w/api.php of Commons. */
export function commonsAnswer(
  url: URL,
  search: (words: string) => readonly PlayPhoto[],
  categories: Readonly<Record<string, PlayCategory>> = {},
  size = 3,
): unknown {
  const asked = (key: string): string => url.searchParams.get(key) ?? '';
  if (asked('generator') === 'search') {
    const words = /^"(.*)" filetype:bitmap$/.exec(asked('gsrsearch'))?.[1] ?? '';
    return generated(url, search(words), 'gsroffset', size);
  }
  if (asked('generator') === 'categorymembers') {
    const name = asked('gcmtitle').replace('Category:', '');
    return generated(url, categories[name]?.files ?? [], 'gcmcontinue', size);
  }
  const below = categories[asked('cmtitle').replace('Category:', '')]?.below ?? [];
  const found = below.map((name, i) => ({ pageid: i, ns: 14, title: `Category:${name}` }));
  return { batchcomplete: true, query: { categorymembers: found } };
}

export interface PlayItem {
  readonly id: string;
  readonly label: string;
  readonly human: boolean;
  readonly category?: string;
}

/** GET /w/api.php of Wikidata. */
export function wikidataAnswer(url: URL, items: readonly PlayItem[]): unknown {
  const asked = (key: string): string => url.searchParams.get(key) ?? '';
  if (asked('action') === 'wbsearchentities') {
    const found = items.filter(({ label }) => label === asked('search'));
    return {
      searchinfo: { search: asked('search') },
      search: found.map(({ id, label }) => ({ id, label })),
      success: 1,
    };
  }
  const value = (v: unknown): unknown => ({
    mainsnak: { snaktype: 'value', datavalue: { value: v } },
    rank: 'normal',
  });
  const ids = asked('ids').split('|');
  const entities = items
    .filter(({ id }) => ids.includes(id))
    .map(({ id, human, category }) => {
      const kind = value({ 'entity-type': 'item', id: human ? 'Q5' : 'Q16521' });
      const claims = { P31: [kind], ...(category !== undefined && { P373: [value(category)] }) };
      return [id, { type: 'item', id, claims }] as const;
    });
  return { entities: Object.fromEntries(entities), success: 1 };
}
