/**
 * The page on a large album in a real browser: until something is seen, until an answer shows the next question, the longest
 * frame while all photos are scrolled through, memory, and the size of what is loaded.
 *
 *   npm run build && npx tsx bench/page.ts [FACES=100000] [--quick]
 *
 * The faces are made; each photo is a file of its own, which the server makes small pictures of while they are scrolled past.
 */

import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { serve } from '../src/server/serve.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';
import { bytesOfPhoto, fillCatalog } from './support/made-catalog.ts';
import { isQuick, median, places, type Row, report } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 5000 : 100_000));
const times = isQuick ? 3 : 10;
const rows: Row[] = [];
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const config = readConfig({ WHOSIN_HOME: scratch });
const faces = await openFaces({ config });
const place = join(scratch, 'album.db');
await writePhotos(
  await fillCatalog(place, count, faces.background, faces.reader.recipe, join(scratch, 'photos')),
);
const album = await openAlbum(place, { config, faces: async () => faces });
const server = await serve(album, {
  config,
  version: '0',
  write: writeFileAtomically,
  token: 'the-token-of-this-bench',
  roots: [scratch],
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-precise-memory-info'],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(server.link());
  rows.push(await bundle());
  for (const [path, shown] of [
    ['/people', '.people img'],
    ['/photos', '.virtual img'],
  ] as const)
    await firstPaint(page, path, shown);
  await answers(page);
  await scroll(page);
} finally {
  await browser.close();
  await server.close();
  await album.close();
  await rm(scratch, { recursive: true });
}
await report('page', {
  title: `The page on an album of ${count.toLocaleString('en')} made faces`,
  rows,
  notes: [
    'Processor: time of the processor on the main thread of the page, which other work on the machine does not lengthen.',
    'Other columns are times by the clock. A headless browser paints by the processor.',
  ],
});

/** One file under many names: small pictures are made of each. */
async function writePhotos(paths: readonly string[]): Promise<void> {
  const bytes = Buffer.alloc(bytesOfPhoto);
  (await readFile(demoPhoto(3))).copy(bytes);
  for (const folder of new Set(paths.map((path) => dirname(path)))) await mkdir(folder, { recursive: true });
  const links = 30_000;
  for (const [i, path] of paths.entries()) {
    if (i % links === 0) await writeFile(path, bytes);
    else await link(paths[i - (i % links)]!, path);
  }
}

async function bundle(): Promise<Row> {
  const folder = new URL('../dist/web/', import.meta.url);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css|html)$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(new URL(name, folder)), { level: 9 }).length),
  );
  return {
    what: 'scripts, styles and page, gzipped',
    value: `${(sizes.reduce((a, b) => a + b) / 1000).toFixed(1)} kB`,
    most: '',
    processor: '',
    goal: '< 150 kB',
  };
}

async function firstPaint(page: Page, path: string, shown: string): Promise<void> {
  const painted: number[] = [];
  const pictured: number[] = [];
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  for (let n = 0; n < times; n++) {
    await page.goto(server.address + path);
    await page.locator(shown).first().waitFor();
    const [paint, content] = await page.evaluate<[number, number]>(
      `[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.now()]`,
    );
    painted.push(paint);
    pictured.push(content);
  }
  await cdp.detach();
  push(`${path}: first paint`, painted, '');
  push(`${path}: the answer of the server is shown`, pictured, '');
}

/** From a key to the frame that shows the next question. */
async function answers(page: Page): Promise<void> {
  await page.goto(`${server.address}/questions`);
  await page.locator('.question .shown img').first().waitFor();
  const all: number[] = [];
  for (let n = 0; n < times; n++) {
    // The next questions are there as soon as the last answer is worked out.
    await page.waitForTimeout(1500);
    all.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const shown = () => document.querySelector('.question .shown')?.innerHTML;
        const before = shown();
        const begun = performance.now();
        dispatchEvent(new KeyboardEvent('keydown', { key: 'u' }));
        const look = () => (shown() !== before ? setTimeout(() => resolve(performance.now() - begun)) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      })`),
    );
  }
  push('a key to the next question', all, '< 50 ms');
}

async function scroll(page: Page): Promise<void> {
  await page.goto(`${server.address}/photos`);
  await page.locator('.virtual img').first().waitFor();
  for (const [what, step] of [
    ['row by row', '40'],
    ['thrown', '900'],
    ['the bar is drawn', 'document.documentElement.scrollHeight / 300'],
  ] as const) {
    await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
    const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
      const frames = [];
      scrollTo(0, 0);
      let last = performance.now();
      const next = (now) => {
        frames.push(now - last);
        last = now;
        scrollBy(0, ${step});
        if (frames.length < 305) requestAnimationFrame(next);
        else resolve(frames.slice(5));
      };
      requestAnimationFrame(next);
    })`);
    const tasks = tasksOfPage(await browser.stopTracing());
    const total = tasks.reduce((sum, time) => sum + time, 0);
    rows.push({
      what: `300 frames of scrolling, ${what}`,
      value: `${median(frames).toFixed(1)} ms`,
      most: `${Math.max(...frames).toFixed(1)} ms (${frames.filter((time) => time > 50).length} over 50)`,
      processor: `${(total / frames.length).toFixed(1)} ms a frame, longest task ${Math.max(...tasks).toFixed(1)} ms`,
      goal: 'none over 50 ms',
    });
  }
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const heap = (await cdp.send('Performance.getMetrics')).metrics.find(
    ({ name }) => name === 'JSHeapUsedSize',
  )!.value;
  rows.push({
    what: 'scripts of the page, after that',
    value: `${(heap / 2 ** 20).toFixed(0)} MB`,
    most: '',
    processor: '',
    goal: '',
  });
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memoryOf(id)),
  );
  rows.push({
    what: 'the whole process of the page, after that',
    value: `${Math.max(...sizes).toFixed(0)} MB`,
    most: '',
    processor: '',
    goal: '< 300 MB',
  });
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Milliseconds of the processor that each task took on the main thread of the page; the busiest of them, if there are several. */
function tasksOfPage(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const lists = threads.map(({ pid, tid }) =>
    traceEvents
      .filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
      .map(({ tdur = 0 }) => tdur / 1000),
  );
  return lists.toSorted((a, b) => b.length - a.length)[0]!;
}

/** MB that are this process's own, and its part of what it shares. */
async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function push(what: string, all: readonly number[], goal: string): void {
  rows.push({
    what,
    value: `${median(all).toFixed(0)} ms`,
    most: `${Math.max(...all).toFixed(0)} ms`,
    processor: '',
    goal,
  });
}
