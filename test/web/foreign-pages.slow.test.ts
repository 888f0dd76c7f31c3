/** Pages of others in the browser of somebody who was let in: what they learn of the album, and what they can do to it. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { serveMade } from '../server/served-album.ts';
import { describeInBrowser, launch } from './browser.ts';

describeInBrowser('a page of others', () => {
  // It reads and says what it can, with the cookie of the browser; each entry is a status that it could read, or "unread".
  const tries = (
    addresses: readonly string[],
  ): string => `Promise.all(${JSON.stringify(addresses)}.flatMap((to) =>
    [['GET', '/api/v1/people'], ['GET', '/openapi.json'], ['POST', '/api/v1/said/undo'], ['DELETE', '/api/v1/jobs/1']]
      .map(([method, path]) => fetch(to + path, { method, credentials: 'include', ...(method === 'POST' && { body: '{}' }) })
        .then((answer) => answer.status, () => 'unread'))))`;

  async function seen(page: Page, addresses: readonly string[]): Promise<string> {
    const picture = await page.evaluate(
      `new Promise((resolve) => { const image = new Image(); image.onload = () => resolve('picture');
        image.onerror = () => resolve('no picture'); image.src = '${addresses[0]}/icon.svg'; })`,
    );
    const frame = await page.evaluate(
      `new Promise((resolve) => { const frame = document.createElement('iframe'); document.body.append(frame);
        frame.onload = () => { try { resolve(frame.contentDocument?.title ?? 'closed'); } catch { resolve('closed'); } };
        frame.src = '${addresses[0]}/'; })`,
    );
    return [picture, frame, ...(await page.evaluate<unknown[]>(tries(addresses)))].join(' ');
  }

  test('on the internet whose name points to this machine meanwhile, or on another port, reads nothing and says nothing', async () => {
    const { server, album } = await serveMade();
    await album.name((await album.groups()).groups[0]!.group, 'Ann');
    const others = createServer((_request, response) => response.end('<!doctype html><title>Others</title>'));
    await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void others.close());
    // The browser's own guard of this machine is off: not every browser has one.
    const browser = await launch(
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
    );
    onTestFinished(() => browser.close());
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.link());
    expect(await page.title()).toContain('whosin');

    const { port } = new URL(server.address);
    const rebound = `http://evil.example:${port}`;
    await page.route(`${rebound}/page`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Others</title>' }),
    );
    await page.goto(`${rebound}/page`);
    expect(await seen(page, [rebound])).toBe('no picture closed 421 421 421 421');
    expect(await seen(page, [server.address])).toBe('no picture closed unread unread unread unread');

    for (const host of ['evil.example', '127.0.0.1', 'localhost']) {
      await page.goto(`http://${host}:${(others.address() as AddressInfo).port}/`);
      expect(await page.title()).toBe('Others');
      expect([host, await seen(page, [server.address])]).toEqual([
        host,
        'no picture closed unread unread unread unread',
      ]);
    }
    expect((await album.log()).map(({ kind, undone }) => [kind, undone])).toEqual([['is', false]]);
    expect((await album.people()).people.map(({ person }) => person)).toEqual(['Ann']);
  });
});
