import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readMetadata, takenByFile } from '../../src/photos/photo-metadata.ts';

type Exif = Parameters<ReturnType<typeof sharp>['withExif']>[0];

async function exifOf(exif: Exif): Promise<Uint8Array> {
  const photo = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).withExif(exif);
  return (await sharp(await photo.jpeg().toBuffer()).metadata()).exif!;
}

describe('the EXIF block of a photo', () => {
  test('says when, where and with what it was taken', async () => {
    const exif = await exifOf({
      IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
      IFD2: { DateTimeOriginal: '2019:07:04 23:30:05', OffsetTimeOriginal: '-04:30' },
      IFD3: {
        GPSLatitudeRef: 'S',
        GPSLatitude: '33/1 51/1 3600/100',
        GPSLongitudeRef: 'E',
        GPSLongitude: '151/1 12/1 0/1',
      },
    });
    expect(readMetadata(exif)).toEqual({
      taken: { wall: '2019-07-04T23:30:05', offset: -270, from: 'exif' },
      place: { latitude: expect.closeTo(-33.86, 5) as number, longitude: expect.closeTo(151.2, 5) as number },
      camera: 'Canon EOS 5D',
    });
  });

  test('is believed as far as it makes sense: no date of zeros, no place of zeros, no offset of days', async () => {
    const exif = await exifOf({
      IFD0: { Make: 'Phone Maker', Model: 'X1' },
      IFD2: { DateTimeOriginal: '0000:00:00 00:00:00', OffsetTimeOriginal: '+99:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '0/1 0/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '0/1 0/1 0/1',
      },
    });
    expect(readMetadata(exif)).toEqual({ taken: null, place: null, camera: 'Phone Maker X1' });
  });

  test('a scanner that notes when it scanned is better than nothing', async () => {
    const exif = await exifOf({ IFD2: { DateTimeDigitized: '2003:01:02 03:04:05' } });
    const taken = { wall: '2003-01-02T03:04:05', offset: null, from: 'digitised' };
    expect(readMetadata(exif).taken).toEqual(taken);
  });

  test('garbage in its place is nothing, and no error', async () => {
    const none = { taken: null, place: null, camera: null };
    expect(readMetadata(undefined)).toEqual(none);
    expect(readMetadata(new Uint8Array(0))).toEqual(none);
    expect(readMetadata(new TextEncoder().encode('Exif\0\0MM garbage that goes nowhere'))).toEqual(none);
    const cut = (await exifOf({ IFD2: { DateTimeOriginal: '2019:07:04 23:30:05' } })).subarray(0, 60);
    expect(readMetadata(cut).place).toBeNull();
  });
});

test('without it, the time of the file counts, on the clock of this machine', () => {
  const modified = new Date(2021, 11, 31, 23, 59, 30);
  expect(takenByFile(modified)).toEqual({
    wall: '2021-12-31T23:59:30',
    offset: -modified.getTimezoneOffset(),
    from: 'file',
  });
});
