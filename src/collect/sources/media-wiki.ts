/**
 * The action API of MediaWiki, as Wikimedia Commons runs it (https://www.mediawiki.org/wiki/API:Query): files of a
 * search or of a category, each with its address and what its page says of author and licence.
 */

import {
  type AskJson,
  addressOf,
  type Candidate,
  described,
  list,
  member,
  text,
  webAddress,
} from '../source.ts';

export const commonsApi = 'https://commons.wikimedia.org/w/api.php';

/** Wikimedia keeps scaled copies at a few widths, this one among them, and asks that they be used. */
const width = '1920';

const wanted = {
  action: 'query',
  format: 'json',
  formatversion: '2',
  prop: 'imageinfo',
  iiprop: 'url|mime|extmetadata',
  iiurlwidth: width,
  iiextmetadatafilter: 'Artist|LicenseShortName|LicenseUrl|ObjectName',
};

/** Answers to one query; a server that always has more would be asked for ever. */
const mostAnswers = 1000;

/** The files of a generator (`search`, `categorymembers`), page by page, in its order. */
export async function* files(
  ask: AskJson,
  api: string,
  generator: Readonly<Record<string, string>>,
): AsyncGenerator<Candidate> {
  for await (const answer of pages(ask, api, { ...wanted, ...generator })) {
    const found = list(member(answer, 'query', 'pages'));
    // Pages come in any order; a search numbers them.
    for (const page of found.toSorted((a, b) => rank(a) - rank(b))) {
      const candidate = read(page);
      if (candidate) yield candidate;
    }
  }
}

/** Every answer of a query, each `continue` taken up in the next. */
export async function* pages(
  ask: AskJson,
  api: string,
  parameters: Readonly<Record<string, string>>,
): AsyncGenerator {
  let next: Readonly<Record<string, string>> = {};
  for (let asked = 0; asked < mostAnswers; asked++) {
    const answer = await ask(addressOf(api, { ...parameters, ...next }));
    yield answer;
    const more = member(answer, 'continue');
    if (typeof more !== 'object' || more === null) return;
    const entries = Object.entries(more).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
    );
    const following = Object.fromEntries(entries) as Readonly<Record<string, string>>;
    // A server that repeats itself would be asked for ever.
    if (JSON.stringify(following) === JSON.stringify(next)) return;
    next = following;
  }
}

function rank(page: unknown): number {
  const index = member(page, 'index');
  return typeof index === 'number' ? index : 0;
}

/** Nothing for drawings (SVG), documents, sound; nothing if a later answer of the batch holds the rest. */
function read(page: unknown): Candidate | undefined {
  const info = member(page, 'imageinfo', 0);
  const mime = text(member(info, 'mime')) ?? '';
  const address = webAddress(member(info, 'thumburl')) ?? webAddress(member(info, 'url'));
  if (address === undefined || !mime.startsWith('image/') || mime.includes('svg')) return undefined;
  const said = (key: string): string | undefined => plain(member(info, 'extmetadata', key, 'value'));
  return described(
    { address },
    {
      page: webAddress(member(info, 'descriptionurl')),
      title: said('ObjectName') ?? text(member(page, 'title')),
      author: said('Artist'),
      licence: said('LicenseShortName'),
      licenceAddress: webAddress(member(info, 'extmetadata', 'LicenseUrl', 'value')),
    },
  );
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The text of a bit of HTML, bare: pages escape it again. */
function plain(html: unknown): string | undefined {
  if (typeof html !== 'string') return undefined;
  const bare = html.replaceAll(/<[^<>]*>/g, '');
  return text(
    bare.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    }),
  );
}
