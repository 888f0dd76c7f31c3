import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSources } from '../../src/collect/open-sources.ts';
import type { Query } from '../../src/collect/query-list.ts';
import type { Candidate, Source } from '../../src/collect/source.ts';
import { commons as openCommons } from '../../src/collect/sources/commons.ts';
import { openverse } from '../../src/collect/sources/openverse.ts';
import { urls } from '../../src/collect/sources/urls.ts';
import { openWeb } from '../../src/collect/web/web.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { json, type Loopback, listen } from './loopback.ts';
import { commonsAnswer, openverseAnswer, type PlayPhoto, wikidataAnswer } from './play-apis.ts';

/** How many photos of Ann each source has: more than a page of it. */
const has = { wikidata: 8, commons: 7, openverse: 45, urls: 3, folder: 3 } as const;

const photosOf = (label: string, count: number): PlayPhoto[] =>
  Array.from({ length: count }, (_, i) => ({
    address: `https://files.example/${label}-${i}.jpg`,
    title: `${label} ${i}`,
  }));

const drawing: PlayPhoto = {
  address: 'https://files.example/d.svg',
  title: 'drawing',
  mime: 'image/svg+xml',
};
const [own, year] = [photosOf('category', 5), photosOf('year', 3)];

const categories = {
  'Ann Ash': { files: [drawing, ...own], below: ['Ann Ash in 2020', 'Family of Ann Ash'] },
  'Ann Ash in 2020': { files: year, below: ['Ann Ash'] },
  'Family of Ann Ash': { files: photosOf('family', 2) },
  'Ann (ship)': { files: photosOf('ship', 2) },
};

const items = [
  { id: 'Q1', label: 'Ann Ash', human: false, category: 'Ann (ship)' },
  { id: 'Q2', label: 'Ann Ash', human: true },
  { id: 'Q3', label: 'Ann Ash', human: true, category: 'Ann Ash' },
];

async function playAll(): Promise<{ readonly server: Loopback; readonly sources: readonly Source[] }> {
  const server = await listen((url, response) => {
    const isAnn = (words: string | null): boolean => words === 'Ann Ash';
    if (url.pathname.startsWith('/openverse/v1/images')) {
      return json(
        response,
        openverseAnswer(url, isAnn(url.searchParams.get('q')) ? photosOf('open', 45) : []),
      );
    }
    if (url.pathname === '/commons') {
      return json(
        response,
        commonsAnswer(url, (w) => (isAnn(w) ? photosOf('found', 7) : []), categories),
      );
    }
    return json(response, wikidataAnswer(url, items));
  });
  onTestFinished(() => server.close());
  const web = openWeb({
    userAgent: 'whosin/0',
    limits: { bytes: 1e6, milliseconds: 5000, redirects: 3 },
    allowPrivate: true,
    perSecond: 1000,
    now: () => 0,
  });
  onTestFinished(() => web.close());
  const folder = await temporaryFolder();
  const csv = join(folder, 'list.csv');
  await writeFile(
    csv,
    'Ann Ash,https://a.example/1\r\nBob,https://a.example/2\nAnn Ash,"https://a.example/3"\nAnn Ash,https://a.example/4',
  );
  await mkdir(join(folder, 'Ann Ash'));
  for (const name of ['1.jpg', '2.png', '10.jpg', 'notes.txt'])
    await writeFile(join(folder, 'Ann Ash', name), name);
  const sources = await openSources(Object.keys(has), web.json, {
    urlFile: csv,
    folder,
    openverseApi: `${server.address}openverse/v1/`,
    commonsApi: `${server.address}commons`,
    wikidataApi: `${server.address}wikidata`,
  });
  return { server, sources };
}

const ann: Query = { name: 'Ann Ash', words: 'Ann Ash' };

async function all(source: Source, query: Query): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for await (const candidate of source.search(query)) found.push(candidate);
  return found;
}

const placeOf = ({ from }: Candidate): string => ('address' in from ? from.address : from.path);

describe.each(Object.entries(has))('the source %s', (name, count) => {
  const play = async () => {
    const { server, sources } = await playAll();
    return { server, source: sources.find((s) => s.name === name)! };
  };

  test('gives every photo that it has, page by page, each as an address that can be fetched', async () => {
    const { source } = await play();
    const candidates = await all(source, ann);
    expect(new Set(candidates.map(placeOf)).size).toBe(count);
    expect(candidates).toHaveLength(count);
    const fetchable = name === 'folder' ? /^\/|^[A-Z]:\\/ : /^https:\/\//;
    for (const candidate of candidates) expect(placeOf(candidate)).toMatch(fetchable);
  });

  test('asks for the next page only when it is wanted', async () => {
    const { server, source } = await play();
    const search = source.search(ann);
    await search.next();
    const first = server.asked.length;
    await search.return(undefined);
    await all(source, ann);
    const whole = server.asked.length - first;
    expect(first).toBeLessThanOrEqual(Math.max(0, whole - 1));
  });

  test('ends without a photo where it knows nobody of the name', async () => {
    const { source } = await play();
    expect(await all(source, { name: 'Nobody', words: 'Nobody' })).toEqual([]);
  });
});

test('Openverse tells page, title, author and licence', async () => {
  const { sources } = await playAll();
  const [first] = await all(sources.find((s) => s.name === 'openverse')!, ann);
  expect(first).toEqual({
    from: { address: 'https://files.example/open-0.jpg' },
    page: 'https://photos.example/open%200',
    title: 'open 0',
    author: 'Ann <Author> & co',
    licence: 'CC BY-SA 2.0',
    licenceAddress: 'https://creativecommons.org/licenses/by-sa/2.0/',
  });
});

test('Commons tells them as plain text, in the order of the search', async () => {
  const { sources } = await playAll();
  const found = await all(sources.find((s) => s.name === 'commons')!, ann);
  expect(found[0]).toEqual({
    from: { address: 'https://files.example/found-0.jpg' },
    page: 'https://commons.wikimedia.example/wiki/File:found%200.jpg',
    title: 'found 0',
    author: 'B&C ö',
    licence: 'CC BY-SA 4.0',
    licenceAddress: 'https://creativecommons.org/licenses/by-sa/4.0',
  });
});

test('Wikidata takes the human of the name who has a category, and categories below that are the person’s', async () => {
  const { sources } = await playAll();
  const places = (await all(sources.find((s) => s.name === 'wikidata')!, ann)).map(placeOf);
  expect(places.toSorted()).toEqual([...own, ...year].map(({ address }) => address).toSorted());
});

test('Wikidata takes the item that the list names', async () => {
  const { sources } = await playAll();
  const wikidata = sources.find((s) => s.name === 'wikidata')!;
  expect(await all(wikidata, { name: 'Ann Ash', words: 'Ann Ash', item: 'Q2' })).toEqual([]);
});

test.each([
  ['nothing at all', null],
  ['another type', { results: 'many', query: { pages: 7 }, search: [{ id: 5 }] }],
  [
    'bad members',
    {
      page_count: 1,
      results: [{}, { url: 'javascript:alert(1)' }, 5],
      query: { pages: [{ imageinfo: [] }, null] },
    },
  ],
])('an API that answers with %s gives no photo and breaks nothing', async (_, answer) => {
  const sources = await openSources(['wikidata', 'commons', 'openverse'], async () => answer);
  for (const source of sources) expect(await all(source, ann)).toEqual([]);
});

test('an API that gives the same page for ever is left', async () => {
  const [commons] = await openSources(['commons'], async () => ({ continue: { gsroffset: 3 } }));
  expect(await all(commons!, ann)).toEqual([]);
});

describe('a CSV file of addresses', () => {
  const read = (csv: string): Promise<Candidate[]> => all(urls(csv, 'list.csv'), ann);

  test('may name its columns, and hold commas, quotation marks and line ends in quotation marks', async () => {
    const csv = '\uFEFFaddress,Licence,name,author\nhttps://a.example/1,CC0,"Ann Ash","A ""B"", C\nD"\n\n';
    expect(await read(csv)).toEqual([
      { from: { address: 'https://a.example/1' }, licence: 'CC0', author: 'A "B", C D' },
    ]);
  });

  test.each([
    ['Ann Ash,https://a.example/1\nAnn Ash,file:///etc/passwd', 'list.csv, line 2'],
    ['Ann Ash', 'list.csv, line 1'],
    ['"Ann\nAsh",https://a.example/1\n,https://a.example', 'list.csv, line 3'],
  ])('is refused with the line where it holds no web address: %j', async (csv, sentence) => {
    expect(() => urls(csv, 'list.csv')).toThrow(sentence);
  });
});

test('a source that is none, or lacks what it needs, is refused', async () => {
  const ask = async (): Promise<unknown> => ({});
  await expect(openSources(['google'], ask)).rejects.toThrow(
    'There is no source "google": choose from wikidata, commons, openverse, urls, folder.',
  );
  await expect(openSources(['urls'], ask)).rejects.toThrow('The source urls needs --urls FILE');
  await expect(openSources(['folder'], ask, { folder: '/nowhere' })).rejects.toThrow(
    '/nowhere is not a folder',
  );
});

describe('a server that always has more', () => {
  // Found by fuzzing: neither search ended.
  test.each([
    ['Openverse', openverse, () => ({ page_count: 1e308, results: [{ no: 'photo' }] })],
    ['Commons', openCommons, (i: number) => ({ continue: { gsroffset: i % 2 }, query: { pages: [] } })],
  ] as const)('is left after many answers: %s', async (_name, open, answer) => {
    let asked = 0;
    const found: Candidate[] = [];
    const source = open(async () => answer(asked++));
    for await (const candidate of source.search({ name: 'Ann', words: 'Ann' })) found.push(candidate);
    expect(found).toEqual([]);
    expect(asked).toBeLessThanOrEqual(1000);
  });
});
