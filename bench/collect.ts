/**
 * A set is collected by the real command from a server on loopback that offers photos of five sports people with
 * planted faults, and is then compared with what was planted. With `--kills N` the same is done again while the process
 * is killed N times at moments drawn at random, and both sets are compared.
 *
 *   npx tsx bench/collect.ts SHARED_DATA OUT [--kills 10] [--seed 1]
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { json, type Loopback, listen, notFound } from '../test/collect/loopback.ts';
import { openverseAnswer, type PlayPhoto } from '../test/collect/play-apis.ts';
import { type Row, report } from './support/results.ts';

type Kind = 'good' | 'duplicate' | 'someone-else' | 'broken' | 'no-face';

interface Planted {
  readonly name: string;
  readonly kind: Kind;
  readonly bytes: Uint8Array;
  /** For people who read the lists below. */
  readonly from: string;
}

const {
  values: { kills, seed },
  positionals: [data, out],
} = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean' },
  },
});
if (data === undefined || out === undefined) {
  throw new Error('Usage: npx tsx bench/collect.ts SHARED_DATA OUT [--kills N] [--seed N]');
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
let state = Number(seed);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function photosIn(...parts: readonly string[]): Promise<string[]> {
  const folder = join(data!, ...parts);
  return (await readdir(folder)).toSorted().map((file) => join(folder, file));
}

/** How pages make copies: the same bytes, saved again, scaled, another format. */
const copyings: readonly ((bytes: Uint8Array, width: number) => Promise<Uint8Array>)[] = [
  async (bytes) => bytes,
  (bytes) => sharp(bytes).rotate().jpeg({ quality: 60 }).toBuffer(),
  (bytes, width) =>
    sharp(bytes)
      .rotate()
      .resize(Math.round(width / 2))
      .jpeg({ quality: 80 })
      .toBuffer(),
  (bytes, width) =>
    sharp(bytes)
      .rotate()
      .resize(Math.round(width * 0.75))
      .webp({ quality: 70 })
      .toBuffer(),
  (bytes) => sharp(bytes).rotate().png().toBuffer(),
  (bytes, width) =>
    sharp(bytes)
      .rotate()
      .resize(Math.round(width * 1.3))
      .jpeg({ quality: 90 })
      .toBuffer(),
];

/** Files that broken links bring. */
const breakings: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
  (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  () => Buffer.from('<!doctype html><title>Not found</title><p>This photo is gone.'),
  () => new Uint8Array(0),
  (bytes) => Buffer.from(bytes).fill(0x5a, 0, Math.floor(bytes.length / 3)),
  () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
];

async function plant(): Promise<Planted[]> {
  const people = (await readdir(join(data!, 'faces', 'sports-dev'))).toSorted();
  const own = await Promise.all(people.map((person) => photosIn('faces', 'sports-dev', person)));
  const celebrities = await Promise.all(
    (await readdir(join(data!, 'faces', 'celeb5', 'train')))
      .toSorted()
      .map((p) => photosIn('faces', 'celeb5', 'train', p)),
  );
  const lfw = shuffled((await readdir(join(data!, 'faces', 'lfw-dev'))).toSorted()).slice(0, 10);
  const strangers = [
    ...shuffled(celebrities.flat()).slice(0, 10),
    ...(await Promise.all(lfw.map(async (person) => (await photosIn('faces', 'lfw-dev', person))[0]!))),
  ];
  const insects = shuffled([
    ...(await photosIn('images', 'hymenoptera', 'train', 'ants')),
    ...(await photosIn('images', 'hymenoptera', 'train', 'bees')),
  ]).slice(0, 10);

  const planted: Planted[] = [];
  const add = async (
    name: string,
    kind: Kind,
    from: string,
    change = async (b: Uint8Array) => b,
  ): Promise<void> => {
    planted.push({ name, kind, from, bytes: await change(await readFile(from)) });
  };
  for (const [p, person] of people.entries()) {
    for (const photo of own[p]!) await add(person, 'good', photo);
    for (const [i, photo] of shuffled(own[p]!).slice(0, 6).entries()) {
      await add(person, 'duplicate', photo, async (bytes) => {
        const { width } = await sharp(bytes).metadata();
        return copyings[i]!(bytes, width);
      });
    }
    for (const photo of strangers.slice(p * 4, p * 4 + 4)) await add(person, 'someone-else', photo);
    for (const k of [0, 1]) {
      await add(person, 'broken', own[(p + 1) % 5]![k]!, async (bytes) => breakings[(p * 2 + k) % 5]!(bytes));
      await add(person, 'no-face', insects[p * 2 + k]!);
    }
  }
  return shuffled(planted);
}

async function serve(planted: readonly Planted[]): Promise<Loopback> {
  const server: Loopback = await listen((url, response) => {
    if (url.pathname === '/robots.txt') return notFound(response);
    if (url.pathname.startsWith('/v1/images/')) {
      const name = url.searchParams.get('q');
      const photos = planted.flatMap((photo, i): PlayPhoto[] =>
        photo.name === name ? [{ address: `${server.address}photo/${i}`, title: `photo ${i}` }] : [],
      );
      return json(response, openverseAnswer(url, photos));
    }
    const photo = planted[Number(basename(url.pathname))];
    if (!photo) return notFound(response);
    response.writeHead(200, { 'content-type': 'image/jpeg' });
    response.end(photo.bytes);
  });
  return server;
}

/** With kills every phase reads all faces anew: a kill must be able to come in the middle of that. */
async function freshHome(name: string): Promise<string | undefined> {
  if (Number(kills) === 0) return process.env['WHOSIN_HOME'];
  const home = join(out!, name);
  await rm(home, { recursive: true, force: true });
  return home;
}

function start(list: string, folder: string, server: Loopback, home: string | undefined): ChildProcess {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const api = ['--source', 'openverse', '--openverse-api', `${server.address}v1/`];
  const pace = ['--rate', '200', '--allow-private-addresses', '--contact', 'bench@localhost'];
  const args = ['collect', list, '-o', folder, '--count', '1000', ...api, ...pace];
  const env = { ...process.env, ...(home !== undefined && { WHOSIN_HOME: home }) };
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', resolve));
}

interface Entry {
  readonly event: string;
  readonly address?: string;
  readonly name: string;
  readonly sha256: string;
  readonly path?: string;
}

async function readEntries(folder: string): Promise<Entry[]> {
  const text = await readFile(join(folder, 'provenance.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Entry];
    } catch {
      return [];
    }
  });
}

/** Every file of the set, with the hash of its content. */
async function listFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (e) => e.isFile() && !e.parentPath.includes('.whosin') && e.name !== 'provenance.jsonl',
  );
  const hashed = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return [path.slice(folder.length + 1), hash] as const;
    }),
  );
  return new Map(hashed.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The end of each planted photo: `set`, or the reason it was set aside for, or `copy`. */
async function endings(folder: string, planted: readonly Planted[]): Promise<string[]> {
  const places = new Map<string, string>();
  for (const path of (await listFiles(folder)).entries()) places.set(path[1], path[0]);
  const entries = await readEntries(folder);
  return planted.map((_, i) => {
    const entry = entries.find(({ address }) => address !== undefined && address.endsWith(`/photo/${i}`));
    if (entry === undefined) return 'never fetched';
    if (entry.event !== 'photo') return entry.event;
    const place = places.get(entry.sha256)?.split('/') ?? ['gone'];
    return place[0] === 'rejected' ? place[1]! : 'set';
  });
}

function caughtIn(planted: readonly Planted[], ends: readonly string[]): Row {
  const share = (n: number, of: number): string => `${n} of ${of} (${((100 * n) / of).toFixed(1)} %)`;
  // A photo or its copy has to go, whichever: a copy counts as caught if only one of the two is left.
  const left = (from: string): number =>
    planted.filter(
      (p, i) => p.from === from && (p.kind === 'good' || p.kind === 'duplicate') && ends[i] === 'set',
    ).length;
  const caught = (kind: Kind): readonly [number, number] => {
    const all = [...planted.entries()].filter(([, p]) => p.kind === kind);
    const hits = all.filter(([i, p]) => (kind === 'duplicate' ? left(p.from) <= 1 : ends[i] !== 'set'));
    return [hits.length, all.length];
  };
  const kinds: readonly Kind[] = ['duplicate', 'someone-else', 'broken', 'no-face'];
  const sums = kinds.map(caught).reduce(([a, b], [c, d]) => [a + c, b + d]);
  const originals = [...planted.entries()].filter(([, p]) => p.kind === 'good');
  const lost = originals.filter(([, p]) => left(p.from) === 0);
  // Copies that came with the photos are listed, for people to look at, and counted apart.
  const copies = lost.filter(([i]) => ends[i] === 'duplicate').length;
  for (const [i, { from }] of lost) console.log(`  set aside as ${ends[i]}: ${from.slice(data!.length + 1)}`);
  for (const [i, p] of planted.entries()) {
    const missed = p.kind === 'duplicate' ? left(p.from) > 1 : p.kind !== 'good' && ends[i] === 'set';
    if (missed) console.log(`  missed ${p.kind} in ${p.name}: ${p.from.slice(data!.length + 1)}`);
  }
  return {
    seed,
    ...Object.fromEntries(kinds.map((kind) => [kind, caught(kind).join(' of ')])),
    'all faults': share(...sums),
    'good photos set aside': share(lost.length - copies, originals.length - copies),
    'copies among the good photos': copies,
  };
}

await mkdir(out, { recursive: true });
const planted = await plant();
const list = join(out, 'names.txt');
await writeFile(list, `${[...new Set(planted.map(({ name }) => name))].toSorted().join('\n')}\n`);

const folder = join(out, 'set');
await rm(folder, { recursive: true, force: true });
const server = await serve(planted);
const began = performance.now();
await ended(start(list, folder, server, await freshHome('home')));
console.log(`\n${planted.length} photos offered, ${((performance.now() - began) / 1000).toFixed(0)} s`);
const twice = (asked: readonly string[]): string[] => asked.filter((path, i) => asked.indexOf(path) !== i);
console.log(`requests: ${server.asked.length}, of them repeated: ${twice(server.asked).length}`);
const row = caughtIn(planted, await endings(folder, planted));
await report('collect', {
  title: `A set collected with ${planted.length} photos offered, seed ${seed}`,
  rows: [row],
});
const whole = await listFiles(folder);
await server.close();

if (Number(kills) > 0) {
  console.log(`\nKilled ${kills} times, at moments drawn at random:`);
  const broken = join(out, 'killed');
  await rm(broken, { recursive: true, force: true });
  const again = await serve(planted);
  const recordedTwice: string[] = [];
  const home = await freshHome('home-killed');
  // A moment is a line of the journal, drawn from all that a whole run writes: fetching and judging alike.
  const lines = (await readEntries(folder)).length;
  const moments = shuffled(Array.from({ length: lines - 1 }, (_, i) => i + 1)).slice(0, Number(kills));
  for (const moment of [...moments.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY]) {
    const settled = new Set((await readEntries(broken)).flatMap(({ address }) => (address ? [address] : [])));
    const before = again.asked.length;
    const child = start(list, broken, again, home);
    const over = ended(child);
    const killInTime = async (): Promise<void> => {
      if ((await readEntries(broken)).length >= moment) child.kill('SIGKILL');
    };
    const watch = setInterval(() => void killInTime(), 10);
    const status = await over;
    clearInterval(watch);
    const since = again.asked.slice(before).map((path) => new URL(path, again.address).href);
    recordedTwice.push(...since.filter((address) => settled.has(address)));
    const entries = await readEntries(broken);
    console.log(
      `  ${status === null ? 'killed' : `ended with ${status}`}: ${since.length} requests, ${entries.length} lines, the last a ${entries.at(-1)?.event}`,
    );
  }
  const rest = await listFiles(broken);
  const same = JSON.stringify([...rest]) === JSON.stringify([...whole]);
  const sound = [...rest].every(([path, hash]) => basename(path).startsWith(hash.slice(0, 20)));
  console.log(`same set: ${same}; every file whole: ${sound}; files: ${rest.size} and ${whole.size}`);
  console.log(`addresses asked again after they were recorded: ${recordedTwice.length}`);
  console.log(`asked twice because the answer was under way at a kill: ${twice(again.asked).length}`);
  console.log(`handed over to the end twice: ${twice(again.answered).length}`);
  await again.close();
}
