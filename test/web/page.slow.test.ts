/** The page as a person uses it, in a real browser, on an album of real photos. */

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openClient } from '../../src/client/client.ts';
import { describeInBrowser, inBrowser, pageToken, violations } from './browser.ts';

describeInBrowser('the page', () => {
  const whosin = inBrowser({ a: ['mona', 3], b: ['nell', 3], c: ['pam', 2] });

  /** The last things that were said, the newest first. */
  const lastSaid = async (limit: number): Promise<string[]> =>
    (await whosin.album.log({ limit })).map(({ kind, undone }) => (undone ? `${kind}, undone` : kind));

  test('shows groups without a name; a name typed under one makes a person; undo takes it back', async () => {
    const page = await whosin.open('/people');
    await page.getByText('3 groups without a name').waitFor();
    const group = page.locator('.groups > li').first();
    await group.getByLabel('Who is it?').fill('Mona');
    await group.getByRole('button', { name: 'Name', exact: true }).click();
    await page.locator('.people').getByText('Mona').waitFor();
    const people = async () =>
      (await whosin.album.status()).people.map(({ shown, confirmed }) => [shown, confirmed]);
    await expect.poll(people).toEqual([['Mona', 3]]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('3 groups without a name').waitFor();
    await expect.poll(people).toEqual([]);
    await page.close();
  });

  test('is walked through by keyboard alone: questions are answered, taken back and named', async () => {
    const page = await whosin.open('/questions');
    await page.getByRole('heading', { name: 'Who is this?' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('Nell');
    await page.keyboard.press('Enter');
    await page.getByText('Nell.', { exact: true }).waitFor();
    await page.keyboard.press('?');
    await page.getByText('one of the likeliest people').waitFor();
    await page.keyboard.press('u');
    // The button has the first two of these words: the message comes once the album has the answer.
    await page.getByText('Not sure: it is not asked again.', { exact: true }).waitFor();
    await expect.poll(() => lastSaid(2)).toEqual(['not-sure', 'is']);
    // Undo names what it takes back; Ctrl Z did nothing on this screen.
    await page.getByRole('button', { name: 'Z Undo: Not sure' }).waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Taken back').waitFor();
    await page.getByRole('button', { name: 'Undo: 3 faces in 3 photos: Nell' }).waitFor();
    await page.keyboard.press('z');
    await page.getByText(/^Taken back: 3 faces in 3 photos: Nell/).waitFor();
    await expect.poll(() => lastSaid(2)).toEqual(['undo', 'undo']);
    // The other mapping lies under the left hand, and the page remembers it.
    await page.getByRole('button', { name: 'Keys for the left hand' }).focus();
    await page.keyboard.press('Enter');
    await page.reload();
    await page.getByRole('heading', { name: 'Who is this?' }).waitFor();
    await page.keyboard.press('s');
    await page.getByText('Not sure: it is not asked again.', { exact: true }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Taken back').waitFor();
    await page.keyboard.press('e');
    await page.keyboard.type('Nell');
    await page.keyboard.press('Enter');
    await page.getByText('Nell.', { exact: true }).waitFor();
    await expect.poll(() => lastSaid(3)).toEqual(['is', 'undo', 'not-sure, undone']);
    await page.evaluate('localStorage.clear()');
    await page.close();
  });

  test('takes back the answer that was given last, even if it has not arrived yet', async () => {
    const page = await whosin.open('/questions');
    await page.getByRole('heading', { name: 'Who is this?' }).waitFor();
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/answer', async (route) => {
      await released;
      await route.continue();
    });
    // Z took back the answer before, which had arrived.
    await page.keyboard.press('u');
    await page.keyboard.press('z');
    release();
    await page.getByText('Taken back').waitFor();
    await expect.poll(() => lastSaid(2)).toEqual(['undo', 'not-sure, undone']);
    await page.close();
  });

  test('finds photos by a click on a name, shows one with its faces, and corrects a face there', async () => {
    const page = await whosin.open('/photos');
    await page.getByText('8 photos and videos').waitFor();
    await page.getByRole('group', { name: 'People' }).getByRole('button', { name: 'Nell' }).click();
    await page.getByText('3 photos and videos').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('Nell');
    await page.locator('.cell a').first().click();
    await page.locator('.in-photo button').first().click();
    await page.getByRole('button', { name: 'Not Nell' }).click();
    await page.getByText('Not Nell.').waitFor();
    await expect.poll(async () => (await whosin.album.find('Nell')).total).toBe(2);
    await page.goBack();
    await page.getByText('2 photos and videos').waitFor();
    await page.close();
  });

  test('leads from photo to photo of what was found, by a click and by a key, and back to it', async () => {
    const page = await whosin.open('/photos');
    await page.getByText('8 photos and videos').waitFor();
    const { photos } = await whosin.album.find('');
    const isShown = (i: number) => page.waitForURL((url) => url.pathname === `/photos/${photos[i]!.sha256}`);
    await page.locator('.cell a').nth(1).click();
    await page.getByText('2 of 8').waitFor();
    await page.getByRole('button', { name: 'Next photo' }).click();
    await isShown(2);
    await page.getByText('3 of 8').waitFor();
    for (const i of [1, 0]) {
      await page.keyboard.press('ArrowLeft');
      await isShown(i);
      await page.getByText(`${i + 1} of 8`).waitFor();
    }
    // The first one: the key does nothing.
    await page.keyboard.press('ArrowLeft');
    await page.getByText('1 of 8').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: '← Back' }).click();
    await page.getByText('8 photos and videos').waitFor();
    await page.close();
  });

  test('chooses faces of a person by click and shift-click, and moves them to somebody else', async () => {
    const { uid } = (await whosin.album.people()).people[0]!;
    const page = await whosin.open(`/people/${uid}`);
    const tiles = page.locator('.tile');
    await tiles.nth(1).waitFor();
    await tiles.nth(0).click();
    await tiles.nth(1).click({ modifiers: ['Shift'] });
    await page.getByText('2 faces', { exact: true }).waitFor();
    await page.locator('.choice-bar').getByLabel('Somebody else').fill('Otto');
    await page.keyboard.press('Enter');
    await page.getByText('2 faces: Otto.').waitFor();
    await expect.poll(async () => (await whosin.album.find('Otto', { confirmed: true })).total).toBe(2);
    await page.close();
  });

  test.each([390, 1280, 2560])(
    'at %d pixels no screen is wider than the window, and axe finds nothing',
    async (width) => {
      for (const path of ['/people', '/questions', '/photos', '/album']) {
        const page = await whosin.open(path, { width });
        await page.locator('main h1').first().waitFor();
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, wide]).toEqual([path, expect.toSatisfy((extra: number) => extra <= 0)]);
        expect([path, await violations(page)]).toEqual([path, []]);
        await page.close();
      }
    },
  );

  test('a wrong address is told in the page, with its status; programs get a problem document', async () => {
    const page = await whosin.open('/nothing/here');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await violations(page)).toEqual([]);
    const [asBrowser, asProgram, ofApi] = await Promise.all(
      [
        ['/nothing', 'text/html'],
        ['/nothing', '*/*'],
        ['/api/v1/nothing', 'text/html'],
      ].map(async ([path, accept]) => {
        const answer = await page.request.get(whosin.server.address + path, { headers: { accept: accept! } });
        return `${answer.status()} ${answer.headers()['content-type']?.split(';')[0]}`;
      }),
    );
    expect([asBrowser, asProgram, ofApi]).toEqual([
      '404 text/html',
      '404 application/problem+json',
      '404 application/problem+json',
    ]);
    await page.getByRole('link', { name: 'Go to the people' }).click();
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await page.close();
  });

  test('somebody who may look sees no fields and buttons that would be refused', async () => {
    const { link } = await whosin.album.users.add('Lou', 'look');
    const context = await whosin.newContext();
    const page = await context.newPage();
    await page.goto(`${whosin.server.address}/?token=${link}`);
    await page.locator('.groups > li').first().waitFor();
    await page.getByLabel('Who is it?').first().waitFor({ state: 'detached' });
    const { uid } = (await whosin.album.people()).people[0]!;
    const { sha256 } = (await whosin.album.find('')).photos[0]!;
    for (const [path, shown] of [
      ['/people', '.groups > li'],
      [`/people/${uid}`, '.tile'],
      [`/photos/${sha256}`, '.in-photo'],
    ] as const) {
      await page.goto(whosin.server.address + path);
      await page.locator(shown).first().waitFor();
      const buttons = page.locator('main').locator('input, button:not(.back, .in-photo button, .frame)');
      await expect.poll(() => buttons.count()).toBe(0);
    }
    await context.close();
  });

  test('opens in as many windows as one likes: they share one stream of events, and one that is not seen catches up', async () => {
    const show = async (page: Page, state: 'hidden' | 'visible'): Promise<void> => {
      await page.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
        document.dispatchEvent(new Event('visibilitychange'));`);
    };
    const tabs: Page[] = [];
    // The sixth stayed empty: a browser has six connections to a server, and each window held one.
    for (let n = 0; n < 8; n++) {
      const page = await whosin.open('/people');
      await page.getByRole('heading', { name: 'People' }).waitFor();
      tabs.push(page);
    }
    const [last] = tabs.slice(-1) as [Page];
    await show(last, 'hidden');
    const { uid, person } = (await whosin.album.people()).people[0]!;
    const client = openClient({ address: whosin.server.address, token: pageToken });
    const rename = (name: string) =>
      client.PATCH('/api/v1/people/{uid}', { params: { path: { uid } }, body: { person: name } });
    // A name is a text, whatever is in it: the page asks nobody for this picture.
    await rename('Said elsewhere <img src=http://evil.example onerror=alert(1)>');
    for (const tab of tabs.slice(0, -1)) await tab.locator('.people').getByText('Said elsewhere').waitFor();
    expect(await last.locator('.people').getByText('Said elsewhere').count()).toBe(0);
    await show(last, 'visible');
    await last.locator('.people').getByText('Said elsewhere').waitFor();
    const figures = async (): Promise<string> => (await client.GET('/metrics', { parseAs: 'text' })).data!;
    await expect.poll(figures).toContain('whosin_event_listeners 1\n');
    await rename(person);
    for (const tab of tabs) await tab.close();
  });

  test('listens again after the server refused it', async () => {
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${pageToken}` };
    const listeners = Array.from({ length: 64 }, () =>
      fetch(`${whosin.server.address}/api/v1/events`, { headers, signal: stop.signal }),
    );
    await Promise.all(listeners);
    const page = await whosin.open('/people');
    await page.getByRole('heading', { name: 'People' }).waitFor();
    stop.abort();
    // A browser never comes back by itself after a refusal.
    const client = openClient({ address: whosin.server.address, token: pageToken });
    const listening = async (): Promise<boolean> =>
      (await client.GET('/metrics', { parseAs: 'text' })).data!.includes('whosin_event_listeners 1\n');
    await expect.poll(listening).toBe(true);
    await page.close();
  });
});

describeInBrowser('the page of an empty album', () => {
  const whosin = inBrowser({});

  test('asks for a folder first, and refuses one outside its roots with the reason', async () => {
    const page = await whosin.open();
    await page.getByText('Who is in your photos?').waitFor();
    await page.getByLabel('A folder of photos on this machine').fill('/etc');
    await page.getByRole('button', { name: 'Read this folder' }).click();
    const reason = page.getByText('outside the folders that this server may read');
    await reason.waitFor();
    expect(await reason.count()).toBe(1);
    await page.close();
  });
});
