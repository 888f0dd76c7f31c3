/** Teaching, asking and measuring models, and what is stored: as a person does it in a real browser. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeColours } from '../pictures/toy-pictures.ts';
import { describeInBrowser, inBrowser, violations } from './browser.ts';

const colours = { red: [200, 60, 60], rust: [190, 70, 60], blue: [60, 60, 200] } as const;

/** As a hand does it: a page cannot make up a drop of folders by itself. */
async function drop(page: Page, zone: Locator, folder: string): Promise<void> {
  await zone.scrollIntoViewIfNeeded();
  const { x, y, width } = (await zone.boundingBox())!;
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + 15, data });
  }
}

/** With the Tab key alone, as somebody without a pointer gets there. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  await place.first().waitFor({ state: 'attached' });
  for (let n = 0; n < 80; n++) {
    if ((await place.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not come to ${String(place)}.`);
}

/** The dialog that a key opens there is the browser's own. */
async function chooseBy(page: Page, field: Locator, path: string): Promise<void> {
  await tabTo(page, field);
  await field.setInputFiles(path);
}

describeInBrowser('teaching', () => {
  const whosin = inBrowser({});

  test('begins with what to do first; a folder that may not be read is refused with the reason', async () => {
    const page = await whosin.open('/teach');
    await page.getByText('No model yet.').waitFor();
    await page.getByLabel('Folder on this machine').first().fill('/etc');
    await page.getByLabel('Name of the model').fill('etc');
    await page.getByRole('button', { name: 'Teach' }).click();
    const reason = page.getByText('outside the folders that this server may read');
    await reason.waitFor();
    expect(await reason.count()).toBe(1);
    await page.close();
  });

  test('by keyboard alone: a folder becomes a model with curves that survive a reload, a file, answers and an evaluation', async () => {
    await writeColours(join(whosin.folder, 'colours'), colours, 24);
    const page = await whosin.open('/teach');
    await tabTo(page, page.getByRole('radio', { name: 'People' }));
    await page.keyboard.press('ArrowDown');
    await tabTo(page, page.getByLabel('Folder on this machine'));
    await page.keyboard.type(join(whosin.folder, 'colours'));
    await tabTo(page, page.getByLabel('Name of the model'));
    await expect.poll(() => page.getByLabel('Name of the model').inputValue()).toBe('colours');
    // The field is chosen whole, as it is for whoever comes to it by this key.
    await tabTo(page, page.getByLabel('Steps'));
    await page.keyboard.type('400');
    await page.keyboard.press('Enter');
    await page.locator('.chart canvas').first().waitFor();
    await page.reload();
    await page.locator('.chart canvas').nth(1).waitFor();
    await page.getByText('colours is ready').waitFor();
    await tabTo(page, page.locator('summary', { hasText: 'The same in numbers' }));
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: '400' }).waitFor();
    const about = await page.locator('.chart').first().getAttribute('aria-label');
    expect(about).toMatch(/^Accuracy: training from [\d.]+ % to [\d.]+ %/);
    await tabTo(page, page.getByRole('link', { name: 'see what it is worth' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'On held-out pictures' }).waitFor();
    const pictures = await page.evaluate(
      `Promise.all([...document.querySelectorAll('.mistakes img')].map((img) => {
        img.loading = 'eager';
        return img.decode().then(() => img.naturalWidth > 0);
      }))`,
    );
    expect(pictures).toEqual((pictures as unknown[]).map(() => true));
    await tabTo(page, page.getByRole('link', { name: /^Download colours.onnx/ }));
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(file.suggestedFilename()).toBe('colours.onnx');
    await chooseBy(page, page.getByLabel('choose pictures'), join(whosin.folder, 'colours', 'red', '0.png'));
    await page.locator('.bars li').nth(2).waitFor();
    expect(await page.locator('.bars li').first().textContent()).toMatch(/^r(ed|ust)/);
    await chooseBy(page, page.getByLabel('choose one'), join(whosin.folder, 'colours'));
    await page.getByText('72 pictures in 3 folders').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Evaluate' }));
    await page.keyboard.press('Enter');
    await page.getByText('dropped pictures: 72 pictures of 3 labels, asked of colours').waitFor();
    await page.close();
  });

  test('a picture is asked about; folders that are dropped measure the model, and the report opens', async () => {
    const page = await whosin.open('/teach/models/colours');
    await page.getByLabel('choose pictures').setInputFiles(join(whosin.folder, 'colours', 'blue', '0.png'));
    await page.locator('.bars li').nth(2).waitFor();
    expect(await page.locator('.bars li').first().textContent()).toMatch(/^blue/);
    await page.getByLabel('choose one').setInputFiles(join(whosin.folder, 'colours'));
    await page.getByText('72 pictures in 3 folders').waitFor();
    await page.getByRole('button', { name: 'Other pictures' }).click();
    await drop(page, page.locator('.teach-form .drop-zone'), join(whosin.folder, 'colours'));
    await page.getByText('72 pictures in 3 folders').waitFor();
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText('dropped pictures: 72 pictures of 3 labels, asked of colours').waitFor();
    const [report] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'The whole report' }).click(),
    ]);
    await report.getByRole('heading', { name: 'How right are the answers?' }).waitFor();
    await report.close();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test('a folder without labels fails with the reason, and the page says so', async () => {
    await writeFile(join(whosin.folder, 'colours', 'note.txt'), 'no picture');
    const page = await whosin.open('/teach');
    await page.getByText('taught on').waitFor();
    await page
      .getByLabel('Folder on this machine')
      .first()
      .fill(join(whosin.folder, 'colours', 'blue'));
    await page.getByRole('radio', { name: 'Pictures' }).check();
    await page.getByRole('button', { name: 'Teach' }).click();
    const reason = page.getByText('Expected one sub-folder for each person or thing');
    await reason.first().waitFor();
    expect(await reason.count()).toBeGreaterThan(0);
    await page.close();
  });

  test.each([390, 1280, 2560])(
    'at %d pixels no screen is wider than the window, and axe finds nothing, in light and dark',
    async (width) => {
      for (const path of ['/teach', '/teach/models/colours', '/teach/jobs/1', '/settings']) {
        const page = await whosin.open(path, { width });
        await page.emulateMedia({ colorScheme: width === 390 ? 'dark' : 'light' });
        await page.locator('main h1').first().waitFor();
        await page.locator('main h2, main canvas').first().waitFor();
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, wide]).toEqual([path, expect.toSatisfy((extra: number) => extra <= 0)]);
        expect([path, await violations(page)]).toEqual([path, []]);
        await page.close();
      }
    },
  );

  test('the cache is cleared after a question, and a model is removed after one', async () => {
    const page = await whosin.open('/settings');
    await page.getByRole('button', { name: 'Clear: Cache of photos' }).click();
    // It has the focus once it is there.
    await page.getByRole('button', { name: 'Clear it' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Cleared: ').waitFor();
    await page.locator('.stored').getByText('0 files').first().waitFor();
    await page.goto(`${whosin.server.address}/teach/models/colours`);
    await page.getByRole('button', { name: 'Remove this model' }).click();
    await page.getByRole('button', { name: 'Remove colours' }).click();
    await page.getByText('No model yet.').waitFor();
    await expect.poll(() => page.locator('.models a[href^="/teach/models"]').count()).toBe(0);
    await page.close();
  });
});
