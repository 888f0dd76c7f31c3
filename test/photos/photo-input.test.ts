import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type PhotoInput, photoList, photoSource } from '../../src/photos/photo-input.ts';

const bytes = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3]);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const path = join(process.cwd(), 'a photo #1.jpg');

describe('a photo may be', () => {
  test.each<[string, PhotoInput, object]>([
    ['a path', 'album/a.jpg', { kind: 'file', path: 'album/a.jpg' }],
    ['a URL of a file', pathToFileURL(path), { kind: 'file', path }],
    ['the same as text', pathToFileURL(path).href, { kind: 'file', path }],
    [
      'bytes with a name',
      { name: 'upload.jpg', bytes },
      { kind: 'bytes', path: 'upload.jpg', bytes, sha256 },
    ],
    ['bytes', Buffer.from(bytes), { kind: 'bytes', path: 'photo 7', sha256 }],
    [
      'pixels',
      { width: 2, height: 1, data: bytes },
      {
        kind: 'pixels',
        path: 'photo 7',
        pixels: { image: { width: 2, height: 1, data: bytes }, width: 2, height: 1 },
      },
    ],
    [
      'pixels that were scaled down',
      { image: { width: 1, height: 2, data: bytes }, width: 100, height: 200 },
      {
        kind: 'pixels',
        pixels: { image: { width: 1, height: 2, data: bytes }, width: 100, height: 200 },
      },
    ],
  ])('%s', (_, input, source) => {
    expect(photoSource(input, 7)).toMatchObject(source);
  });

  test('pixels, told apart by their size too', () => {
    const hashOf = (input: PhotoInput): unknown => photoSource(input, 1);
    const wide = hashOf({ width: 2, height: 1, data: bytes });
    expect(hashOf({ width: 2, height: 1, data: Uint8Array.from(bytes) })).toEqual(wide);
    expect(hashOf({ width: 1, height: 2, data: bytes })).not.toMatchObject({
      sha256: (wide as { sha256: string }).sha256,
    });
  });
});

const secret = 'sesame';

describe('anything else is refused by what it is, and never shown:', () => {
  test.each<[string, unknown, string]>([
    ['a number', 42, 'a number'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', [secret], 'an array'],
    ['an object', { secret }, 'an object.'],
    ['bytes without their view', new TextEncoder().encode(secret).buffer, 'an object (ArrayBuffer)'],
    ['numbers that are wider than bytes', Uint16Array.from([115, 101]), 'an object (Uint16Array)'],
    ['a blob', new Blob([secret]), 'an object (Blob)'],
    ['a promise', Promise.resolve(secret), 'an object (Promise)'],
    ['an object without a class', Object.assign(Object.create(null), { secret }), 'an object.'],
    ['bytes with a name that is none', { name: 3, bytes: new TextEncoder().encode(secret) }, 'an object.'],
    ['an address', new URL(`https://ann:${secret}@example.org/a.jpg`), 'this is a https: URL'],
    [
      'an image of too few bytes',
      { width: 2, height: 2, data: Buffer.from(secret) },
      'are 12 bytes (red, green, blue), not 6 bytes',
    ],
    ['an image without a width', { width: Number.NaN, height: 2, data: Buffer.from(secret) }, 'not NaN'],
    ['an image of half a pixel', { width: 0.5, height: 2, data: Buffer.from(secret) }, 'not 0.5'],
    ['an image of words', { width: '2', height: '1', data: Buffer.from(secret) }, 'not a string'],
    [
      'a photo whose pixels are a list',
      { image: { width: 1, height: 1, data: [1, 2, 3] }, width: 1, height: 1 },
      'not an array',
    ],
  ])('%s', (_, input, what) => {
    const refusal = (): unknown => photoSource(input as PhotoInput, 1);
    expect(refusal).toThrow(what);
    expect(refusal).toThrow(expect.objectContaining({ name: 'WhosinError', code: 'usage' }) as Error);
    expect(refusal).not.toThrow(new RegExp(`${secret}|115|[0-9a-f]{8}`));
  });
});

test('photos are a list: one of them alone is refused, a path is no list of letters', () => {
  expect(photoList(['a.jpg'])).toEqual(['a.jpg']);
  expect([...(photoList(new Set(['a.jpg'])) as Set<string>)]).toEqual(['a.jpg']);
  for (const alone of ['a.jpg', bytes, { name: 'a', bytes }, new URL('file:///a.jpg'), undefined]) {
    expect(() => photoList(alone as Iterable<unknown>)).toThrow(
      'Give a list of photos, such as [photo], not ',
    );
  }
});
