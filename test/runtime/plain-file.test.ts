/** A model is a plain file: what never ends or never begins is refused at once, wherever one is read. */

import { execFile } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadPeopleModel } from '../../src/faces/people/people-model.ts';
import { openPictureModel } from '../../src/pictures/open-model.ts';
import { readPlainFile } from '../../src/runtime/plain-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a plain file is read whole', async () => {
  const path = join(await temporaryFolder(), 'model.onnx');
  await writeFile(path, 'all of it');
  expect(Buffer.from(await readPlainFile(path)).toString()).toBe('all of it');
});

test('one that is larger than any model is refused before it fills memory', async () => {
  const path = join(await temporaryFolder(), 'huge.onnx');
  const file = await open(path, 'w');
  await file.truncate(3e9);
  await file.close();
  await expect(readPlainFile(path)).rejects.toThrow('it is larger than 2 GB');
});

describe.skipIf(process.platform === 'win32')('in the place of a model', () => {
  test.each<[string, (folder: string) => Promise<string>, string]>([
    [
      'a pipe that nobody writes to',
      async (folder) => {
        await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
        return join(folder, 'pipe');
      },
      'it is not a plain file',
    ],
    ['a device that never ends', async () => '/dev/zero', 'it is not a plain file'],
    [
      'a folder',
      async (folder) => {
        await mkdir(join(folder, 'models'));
        return join(folder, 'models');
      },
      'it is a folder: name the file in it',
    ],
  ])('%s is named with the reason', async (_what, make, reason) => {
    const home = await temporaryFolder();
    const path = await make(home);
    await expect(loadPeopleModel(path)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`Cannot read the model ${path}: ${reason}`),
    });
    const config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
    const message = `Cannot read ${path}: ${reason}.`;
    // A folder may be a model of pictures: this one holds none.
    const asModel = reason.includes('folder') ? `${path} is a folder without a model file` : message;
    await expect(openPictureModel(path, { config })).rejects.toThrow(asModel);
    await expect(openPictureModel('coco-mobilenet-v3', { labels: path, config })).rejects.toMatchObject({
      code: 'not-found',
      message,
    });
  });
});
