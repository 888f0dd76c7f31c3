/** Single photos, videos and faces in a real browser: drawing, reasons, videos, covers, choosing, searches. */

import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { demoPhoto } from '../photo-fixtures.ts';
import { describeWithFfmpeg, make } from '../video/clips.ts';
import { describeInBrowser, inBrowser, violations } from './browser.ts';

/** The place of a box that is drawn, in the upright photo. */
const corner = [0.1, 0.6, 0.15, 0.2] as const;

describeInBrowser('photos and faces in the page', () => {
  const whosin = inBrowser({ mona: ['mona', 3], nell: ['nell', 3] });
  let party = '';
  beforeAll(async () => {
    const photos = join(whosin.folder, 'photos');
    await copyFile(demoPhoto(3), join(photos, 'party.jpg'));
    await whosin.album.add([photos]);
    for (const [person, folder] of [
      ['Mona', 'mona'],
      ['Nell', 'nell'],
    ] as const) {
      const faces = [1, 2, 3].map((n) => join(photos, folder, `${n}.jpg`));
      await whosin.album.correct({ kind: 'is', person, faces });
    }
    party = (await whosin.album.find('')).photos.find(({ path }) => path.endsWith('party.jpg'))!.sha256;
  });

  const drawnIn = async (name: string) => {
    const { faces } = await whosin.album.photo(party);
    return faces.find(({ person }) => person === name)?.box;
  };

  async function dragBox(page: Page): Promise<void> {
    const area = (await page.locator('.box-editor').boundingBox())!;
    const at = (x: number, y: number) => [area.x + area.width * x, area.y + area.height * y] as const;
    await page.mouse.move(...at(corner[0], corner[1]));
    await page.mouse.down();
    await page.mouse.move(...at(corner[0] + corner[2], corner[1] + corner[3]), { steps: 4 });
    await page.mouse.up();
  }

  test.each([390, 1280])(
    'at %d pixels a missed face is drawn, named, corrected by keys, taken back',
    async (width) => {
      const page = await whosin.open(`/photos/${party}`, { width });
      await page.getByRole('button', { name: 'Draw a missed face' }).click();
      await dragBox(page);
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Whose face is it?').fill('Ann');
      await page.keyboard.press('Enter');
      await page.getByText('Ann: a face that you drew.').waitFor();
      await expect.poll(() => drawnIn('Ann')).toBeDefined();
      const drawn = (await drawnIn('Ann'))!;
      expect([drawn.left, drawn.top, drawn.width, drawn.height]).toEqual(
        corner.map((value) => expect.closeTo(value, 1)),
      );

      // The box is corrected by keyboard alone.
      const row = page.locator('.in-photo button').filter({ hasText: 'Ann' });
      await row.focus();
      await page.keyboard.press('Enter');
      const correct = page.getByRole('button', { name: 'Correct the box' });
      await correct.focus();
      await page.keyboard.press('Enter');
      await page.locator('.edited').focus();
      await page.keyboard.press('Control+ArrowRight');
      await page.keyboard.press('Shift+ArrowDown');
      const keep = page.getByRole('button', { name: 'Keep this box' });
      await keep.focus();
      await page.keyboard.press('Enter');
      await page.getByText('Ann: another box.').waitFor();
      const moved = async () => {
        const { left, height } = (await drawnIn('Ann'))!;
        return [left - drawn.left, height - drawn.height];
      };
      await expect.poll(moved).toEqual([expect.closeTo(0.05, 3), expect.closeTo(0.005, 3)]);
      await page.getByRole('button', { name: 'Undo: Ann: another box.' }).click();
      await page.getByText('Taken back: 1 face in 1 photo: another box.').waitFor();
      await expect.poll(() => drawnIn('Ann')).toEqual(drawn);
      // The message is about nothing any more: the last thing that was said is taken back.
      await page.keyboard.press('Control+z');
      await page.getByText('Taken back: 1 face in 1 photo: Ann.').waitFor();
      await page.locator('.in-photo button').filter({ hasText: 'Ann' }).waitFor({ state: 'detached' });
      await page.close();
    },
  );

  test('a face tells why it has its name, with the faces that speak for it', async () => {
    const page = await whosin.open(`/photos/${party}`);
    await page.locator('.in-photo button').filter({ hasText: 'Mona' }).first().click();
    await page.getByText('These confirmed faces of Mona speak for it:').waitFor();
    await expect.poll(() => page.locator('.speakers').first().locator('img').count()).toBe(3);
    await page.locator('.speakers small').first().getByText('×').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test('faces are chosen by keyboard, all but some too; one becomes the cover; undo names what it undoes', async () => {
    const { people } = await whosin.album.people();
    const mona = people.find(({ person }) => person === 'Mona')!;
    const page = await whosin.open(`/people/${mona.uid}`);
    await page.locator('.tile').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 faces', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'All but the chosen' }).click();
    await page.getByText(`${(await page.locator('.tile').count()) - 2} faces`, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    const other = page
      .locator('.tile')
      .filter({ hasNot: page.locator('.note') })
      .nth(1);
    await other.click();
    await page.getByRole('button', { name: 'Use as cover' }).click();
    await page.getByText('Mona is shown by this face.').waitFor();
    const cover = async () => (await whosin.album.person(mona.uid)).cover!.key;
    await expect.poll(cover).not.toBe(mona.cover!.key);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+z');
    await page.getByText('Taken back: Mona: shown by another face.').waitFor();
    await expect.poll(cover).toBe(mona.cover!.key);
    await page.close();
  });

  test('two people become one, and two again', async () => {
    const { people } = await whosin.album.people();
    const nell = people.find(({ person }) => person === 'Nell')!;
    const page = await whosin.open(`/people/${nell.uid}`);
    await page.getByRole('button', { name: 'Merge with …' }).click();
    await page.getByLabel('The same person as').fill('Mona');
    await page.keyboard.press('Enter');
    await page.getByText('Nell and Mona are one person: Mona.').waitFor();
    const total = async () => (await whosin.album.people()).total;
    await expect.poll(total).toBe(people.length - 1);
    await page.getByRole('button', { name: 'Undo: Nell and Mona' }).click();
    await page.getByText('Taken back: Nell is').waitFor();
    await expect.poll(total).toBe(people.length);
    await page.close();
  });

  test('chips are clicked together, and each tells how many photos it leaves', async () => {
    const page = await whosin.open('/photos');
    const mona = page.getByRole('group', { name: 'People' }).getByRole('button', { name: /^Mona/ });
    const left = Number((await mona.locator('small').textContent())!);
    await mona.click();
    await page.getByText(`${left} photos and videos`).waitFor();
    await page.getByRole('button', { name: /^at least 2 faces/ }).click();
    await page.getByText('1 photo or video').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('Mona, at least 2 faces');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('group', { name: 'Chosen' }).getByRole('button', { name: 'Mona' }).click();
    await page
      .getByRole('group', { name: 'Chosen' })
      .getByRole('button', { name: 'Mona' })
      .waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('q')).toBe('at least 2 faces');
    await page.close();
  });

  describeWithFfmpeg('videos', () => {
    test('a lane for each person leads to them, and boxes follow the picture', async () => {
      const clip = join(whosin.folder, 'photos', 'clip.mp4');
      // The picture moves to the left: so do the faces in it.
      const moving = "scale=1100:-2,crop=640:360:x='t*100':y=60,fps=6";
      await make('-loop', '1', '-t', '1.5', '-i', demoPhoto(3), '-vf', moving, '-pix_fmt', 'yuv420p', clip);
      await whosin.album.add([join(whosin.folder, 'photos')]);
      const video = (await whosin.album.find('videos')).photos[0]!;
      const page = await whosin.open(`/photos/${video.sha256}`);
      const span = page.getByRole('button', { name: /^Mona, 0:0/ });
      await span.focus();
      await page.keyboard.press('Enter');
      const box = page.locator('.frame.moving').filter({ hasText: 'Mona' });
      await box.waitFor();
      const seek = async (time: number): Promise<number> => {
        await page.evaluate(`new Promise((resolve) => {
          const video = document.querySelector('video');
          video.addEventListener('seeked', () => requestAnimationFrame(() => requestAnimationFrame(resolve)), { once: true });
          video.currentTime = ${time};
        })`);
        return (await box.boundingBox())!.x;
      };
      const early = await seek(0.4);
      expect(await seek(1)).toBeLessThan(early - 20);
      expect(await page.locator('.lane').count()).toBeGreaterThan(0);
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  });

  test.each([390, 1280, 2560])('at %d pixels no screen of these is wider than the window', async (width) => {
    const [person] = (await whosin.album.people()).people;
    for (const path of [`/photos/${party}`, `/people/${person!.uid}`, '/photos?q=Mona']) {
      const page = await whosin.open(path, { width });
      await page.locator('main h1').first().waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([path, wide]).toEqual([path, expect.toSatisfy((extra: number) => extra <= 0)]);
      await page.close();
    }
  });
});
