import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { portrait, writePhoto } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeWithFfmpeg, make, testPicture } from '../video/clips.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

interface Found {
  readonly photos: readonly {
    readonly file: string;
    readonly kind: string;
    readonly people: readonly { readonly person: string; readonly time: number | null }[];
  }[];
}

describeWithFfmpeg('videos in an album', () => {
  test('are found by who is in them, copied whole or as the picture where the person appears, and known when they move', async () => {
    const folder = await temporaryFolder();
    const photos = join(folder, 'Pictures');
    for (const number of [1, 2])
      await writePhoto(join(photos, `mona ${number}.jpg`), portrait('mona', number));
    // Nobody, then three people: half a second each.
    const clip = join(photos, 'party.mp4');
    const still = ['-loop', '1', '-t', '0.6', '-i', demoPhoto(3)];
    const filter =
      '[0]fps=10,setsar=1[nobody];[1]scale=1100:-2,crop=960:540:x=0:y=60,fps=10,setsar=1[people];[nobody][people]concat=n=2[v]';
    await make(
      ...testPicture('960x540', 0.5),
      ...still,
      '-filter_complex',
      filter,
      '-map',
      '[v]',
      '-pix_fmt',
      'yuv420p',
      clip,
    );
    const run = (...args: readonly string[]) =>
      whosin(['album', ...args, '--album', join(folder, 'a.db')], { cwd: folder });
    expect(await run('add', photos)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 photos, 1 video'),
    });
    expect(await run('correct', 'is', 'Mona', 'Pictures/mona 1.jpg')).toMatchObject({ status: 0 });
    // Whatever her face in the clip was taken for: her place in it is named as a photo's is.
    expect((await run('correct', 'is', 'Mona', 'Pictures/party.mp4#1')).status).toBe(0);

    const find = async (...args: readonly string[]) =>
      JSON.parse((await run('find', 'Mona, videos', '--json', ...args)).stdout) as Found;
    const [video] = (await find('--copy-to', 'whole')).photos;
    expect(video).toMatchObject({ file: clip, kind: 'video', people: [{ person: 'Mona' }] });
    expect(video!.people[0]!.time).toBeGreaterThan(0.3);
    expect(await readdir(join(folder, 'whole'))).toEqual(['party.mp4']);
    await find('--copy-to', 'frames', '--first-frame');
    expect(await readdir(join(folder, 'frames'))).toEqual(['party.jpg']);
    expect(await sharp(join(folder, 'frames', 'party.jpg')).metadata()).toMatchObject({
      width: 960,
      height: 540,
    });

    const moved = join(photos, 'summer.mp4');
    await rename(clip, moved);
    await copyFile(moved, join(photos, 'copy.mp4'));
    expect((await run('add', photos)).stdout).toMatch(/: 0 new photos with 0 faces, 2 files moved or copied/);
    expect((await find()).photos).toMatchObject([{ people: [{ person: 'Mona' }] }]);
  });
});
