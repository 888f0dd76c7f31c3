/** The system's Chromium, with a server and an album of real photos. Tests skip, and say so, if there is none. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { readConfig } from '../../src/config.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { type Running, serve } from '../../src/server/serve.ts';
import { type DemoPerson, writePortraits } from '../demo-people.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

export const pageToken = 'the-token-of-the-page-tests';

/** A group of tests that is skipped, and says why, where no browser is. */
export function describeInBrowser(name: string, body: () => void): void {
  const present = browserPath !== undefined;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!present)(present ? name : `${name} (skipped: there is no Chromium)`, body);
}

/** Milliseconds that a busy machine may take to start a browser, or to show what a test waits for. */
const patience = 90_000;

export function launch(...args: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath!,
    args: ['--no-sandbox', ...args],
    timeout: patience,
  });
}

export interface Opened {
  readonly album: Album;
  readonly server: Running;
  readonly folder: string;
  /** A page that was let in by its link. Faults of the page and requests that leave the machine fail the test. */
  open(path?: string, options?: { readonly width?: number }): Promise<Page>;
  /** One that was let in by nobody yet. */
  newContext(): Promise<BrowserContext>;
}

/** Before the tests of a file: the album of these people, read by the real networks. */
export function inBrowser(
  folders: Readonly<Record<string, readonly [person: DemoPerson, photos: number]>>,
): Opened {
  const files = sharedFolder();
  let album: Album;
  let server: Running;
  let context: BrowserContext;
  const faults: string[] = [];

  beforeAll(async () => {
    const photos = join(files.path, 'photos');
    await writePortraits(photos, folders);
    await warmHome(files.path);
    const config = readConfig({ WHOSIN_HOME: files.path, WHOSIN_THREADS: '1' });
    album = await openAlbum(join(files.path, 'album.db'), { config });
    if (Object.keys(folders).length > 0) await album.add([photos]);
    server = await serve(album, {
      config,
      version: '0',
      write: writeFileAtomically,
      token: pageToken,
      roots: [files.path],
    });
    const browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(patience);
    context.on('request', (request) => {
      if (!request.url().startsWith(server.address) && !/^(data|blob):/.test(request.url()))
        faults.push(request.url());
    });
    context.on('weberror', (error) => faults.push(error.error().message));
    context.on('console', (message) => {
      // A refusal is an answer that the page shows.
      const isRefusal = /status of 4\d\d/.test(message.text());
      if (message.type() === 'error' && !isRefusal) faults.push(message.text());
    });
    const first = await context.newPage();
    await first.goto(server.link());
    await first.close();
  }, 3 * patience);
  afterAll(async () => {
    await context.browser()?.close();
    await server.close();
    await album.close();
    expect(faults).toEqual([]);
  });

  return {
    get album() {
      return album;
    },
    get server() {
      return server;
    },
    get folder() {
      return files.path;
    },
    async newContext() {
      const other = await context.browser()!.newContext();
      other.setDefaultTimeout(patience);
      return other;
    },
    async open(path = '/', { width = 1280 } = {}) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
      await page.goto(server.address + path);
      return page;
    },
  };
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Faults that a screen reader or a keyboard would stumble over, by axe-core. */
export async function violations(page: Page): Promise<string[]> {
  // The page's policy allows no scripts of others; this one is the test's.

  const found = await page.evaluate(
    `${await readFile(axe, 'utf8')}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] })`,
  );
  return (found as { violations: { id: string; nodes: { html: string }[] }[] }).violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`,
  );
}
