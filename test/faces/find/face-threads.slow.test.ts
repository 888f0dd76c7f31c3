import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type FaceReader, openFaceReader } from '../../../src/faces/find/read-faces.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { decodePhoto } from '../../../src/runtime/decode.ts';
import { demoPhoto } from '../../photo-fixtures.ts';

describe('photos read by several threads', () => {
  let reader: FaceReader;
  let files: Uint8Array[];
  beforeAll(async () => {
    reader = openFaceReader(faceApiPack, { ...readConfig(), threads: Math.max(2, availableParallelism()) });
    files = await Promise.all([1, 2, 3, 4, 5].map((i) => readFile(demoPhoto(i))));
  });
  afterAll(() => reader.close());

  test('have the same faces as photos read by one', async () => {
    const together = await Promise.all(files.map((bytes, i) => reader.readFile(bytes, `${i}.jpg`)));
    for (const [i, bytes] of files.entries()) {
      expect(together[i]).toEqual(await reader.read(await decodePhoto(bytes, `${i}.jpg`)));
    }
  });

  test('are refused as by one, each for itself', async () => {
    const broken = files[0]!.subarray(0, 20_000);
    const readings = await Promise.allSettled([
      reader.readFile(files[1]!, 'a.jpg'),
      reader.readFile(broken, 'b.jpg'),
      reader.readFile(new Uint8Array(0), 'c.jpg'),
      reader.readFile(files[2]!, 'd.jpg'),
    ]);
    expect(readings.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(readings[1]).toMatchObject({
      reason: {
        code: 'damaged-photo',
        message: expect.stringMatching(/^b\.jpg is cut off: \d+ % of the picture is missing/) as string,
      },
    });
    expect(readings[2]).toMatchObject({
      reason: { code: 'not-a-photo', message: 'c.jpg is empty (0 bytes).' },
    });
  });
});
