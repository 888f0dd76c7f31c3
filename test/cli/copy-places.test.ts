import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyPlaces } from '../../src/cli/copy-places.ts';

describe('where copies go', () => {
  const elsewhere = resolve('..', 'elsewhere');

  // All of them went into one folder, numbered.
  test.each<[given: readonly string[], photos: Readonly<Record<string, string>>]>([
    [['album'], { 'album/a.jpg': '', 'album/2019/a.jpg': '2019', 'album/2020/may/a.jpg': '2020/may' }],
    [['album/'], { 'album/2019/a.jpg': '2019' }],
    [['.'], { 'a.jpg': '', '2019/a.jpg': '2019' }],
    [['may', 'june'], { 'may/a.jpg': 'may', 'june/a.jpg': 'june', 'june/1/a.jpg': 'june/1' }],
    [['a.jpg', 'album'], { 'a.jpg': '', 'album/1/a.jpg': 'album/1' }],
    [['may/a.jpg', 'june/a.jpg'], { 'may/a.jpg': 'may', 'june/a.jpg': 'june' }],
    [['may/a.jpg', 'may/b.jpg'], { 'may/a.jpg': '', 'may/b.jpg': '' }],
    [['album/**/*.jpg'], { 'album/2019/a.jpg': '2019', 'album/a.jpg': '' }],
    [['*/a.jpg'], { 'may/a.jpg': 'may', 'june/a.jpg': 'june' }],
    [[elsewhere], { [join(elsewhere, '2019', 'a.jpg')]: '2019' }],
    [[elsewhere, 'album'], { [join(elsewhere, '2019', 'a.jpg')]: 'elsewhere/2019', 'album/a.jpg': 'album' }],
    [['album', 'album/2019'], { 'album/a.jpg': 'album', 'album/2019/a.jpg': 'album/2019' }],
  ])('given %j', (given, photos) => {
    const place = copyPlaces(given, Object.keys(photos));
    const found = Object.keys(photos).map((photo) => [
      photo,
      place(photo).replaceAll('\\', '/').replace(/^\.$/, ''),
    ]);
    expect(Object.fromEntries(found)).toEqual(photos);
  });
});
