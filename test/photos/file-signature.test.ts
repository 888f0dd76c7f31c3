import { describe, expect, test } from 'vitest';
import { kindOfBytes } from '../../src/photos/file-signature.ts';
import { encode, fourColours } from '../photo-fixtures.ts';

describe('what a file is by its first bytes', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)('%s is a photo', async (format) => {
    expect(kindOfBytes(await encode(fourColours()).toFormat(format).toBuffer())).toBe('photo');
  });

  test.each([
    ['an iPhone’s HEIC', '\0\0\0\x24ftypheic\0\0\0\0mif1heic', 'photo'],
    ['HEIF whose own brand is the general one', '\0\0\0\x1cftypmif1\0\0\0\0mif1heic', 'photo'],
    ['an MP4', '\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'video'],
    ['a MOV', '\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'video'],
    ['a WebM', '\x1a\x45\xdf\xa3\x01', 'video'],
    ['an AVI', 'RIFF\x10\0\0\0AVI LIST', 'video'],
    ['a sound', 'RIFF\x10\0\0\0WAVEfmt ', undefined],
    ['a list whose first path begins as a BMP does', 'BM/photos/a.jpg\nb.jpg\n', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, head, kind) => {
    expect(kindOfBytes(Buffer.from(head, 'latin1'))).toBe(kind);
  });
});
