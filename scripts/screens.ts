/**
 * Pictures of every screen of the page, on an album of the sample photos that come with a package: `npm run screens`
 * writes docs/screens/. Needs the system's Chromium, and the page as it was built.
 */

import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { type Album, openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { type Running, serve } from '../src/server/serve.ts';
import { writePortraits } from '../test/demo-people.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';

/** All pictures together: they go with the package. */
const mostBytes = 600_000;
/** Those that can be seen. A text: it runs in the page. */
const picturesAreThere = `[...document.images].every((image) =>
  image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))`;
const target = fileURLToPath(new URL('../docs/screens/', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-screens-'));
const album = await makeAlbum();
const server = await serve(album.album, {
  config: album.config,
  version: '0.1.0',
  write: writeFileAtomically,
  token: 'the-token-of-these-screens',
  roots: [scratch],
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await takeAll(browser, album.album, server);
  const names = await readdir(target);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(target, name))).size));
  const total = sizes.reduce((a, b) => a + b, 0);
  console.log(`${names.length} pictures, ${total} bytes in ${target}`);
  if (total > mostBytes) throw new Error(`The pictures are larger than ${mostBytes} bytes.`);
} finally {
  await browser.close();
  await server.close();
  await album.album.close();
  await rm(scratch, { recursive: true });
}

async function makeAlbum() {
  const photos = join(scratch, 'Pictures');
  await writePortraits(photos, {
    1: ['mona', 3],
    2: ['nell', 3],
    3: ['olga', 3],
    4: ['pam', 3],
    5: ['ruth', 2],
    6: ['sue', 2],
  });
  for (let n = 1; n <= 6; n++) await copyFile(demoPhoto(n), join(photos, basename(demoPhoto(n))));
  const config = readConfig({ WHOSIN_HOME: join(scratch, 'home') });
  const opened = await openAlbum(join(scratch, 'album.db'), { config });
  await opened.add([photos]);
  const { groups } = await opened.groups({ limit: 50 });
  // Two groups stay, so that there is something to name and to ask.
  for (const [i, name] of ['Ada', 'Bea', 'Cleo', 'Dora'].entries()) {
    const group = groups[i];
    if (group) await opened.name(group.group, name);
  }
  return { album: opened, config };
}

async function takeAll(chrome: Browser, shown: Album, running: Running): Promise<void> {
  const [first] = (await shown.people()).people;
  const { photos } = await shown.find('Ada', { limit: 100 });
  const whole = photos.find(({ path }) => path?.includes('sample')) ?? photos[0]!;
  const screens = [
    ['people', '/people'],
    ['person', `/people/${first!.uid}`],
    ['questions', '/questions'],
    ['photos', '/photos?q=Ada'],
    ['photo', `/photos/${whole.sha256}`],
    ['teach', '/teach'],
    ['album', '/album'],
    ['settings', '/settings'],
  ] as const;
  for (const [scheme, width, height] of [
    ['light', 1280, 800],
    ['dark', 390, 844],
  ] as const) {
    const context = await chrome.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      locale: 'en-GB',
    });
    const page = await context.newPage();
    await page.goto(running.link());
    for (const [name, path] of scheme === 'light' ? screens : screens.slice(0, 5)) {
      await page.goto(running.address + path);
      await page.locator('main h1').first().waitFor();
      // Lists come after the heading, then their pictures.
      await page.waitForTimeout(1000);
      // The page's own rules forbid Playwright to wait inside of it.
      for (let waited = 0; waited < 50 && !(await page.evaluate(picturesAreThere)); waited++)
        await page.waitForTimeout(200);
      const picture = await sharp(await page.screenshot())
        .webp({ quality: 55, effort: 6 })
        .toBuffer();
      await writeFile(join(target, `${name}${width === 390 ? '-narrow' : ''}.webp`), picture);
    }
    await context.close();
  }
}
