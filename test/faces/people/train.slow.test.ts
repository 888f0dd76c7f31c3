import { cp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NetworkConfig } from '../../../src/config.ts';
import { peopleIn, photoReader } from '../../../src/faces/find/read-album.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import { modelOfPhotos } from '../../../src/faces/people/chosen-examples.ts';
import { strangerRateOf, withMaxWrong } from '../../../src/faces/people/model-stranger-rate.ts';
import { loadPeopleModel, savePeopleModel } from '../../../src/faces/people/people-model.ts';
import { withoutCopies } from '../../../src/photos/dataset.ts';
import { listLabelFolders } from '../../../src/photos/label-folders.ts';
import { readOnce } from '../../../src/photos/read-dataset.ts';
import { portrait, writePhoto, writePortraits } from '../../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../../photo-fixtures.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { warmHome } from '../../warm-home.ts';
import { answersTo, namesIn } from './answers.ts';

let config: NetworkConfig;
let faces: Faces;
beforeEach(async () => {
  config = { home: join(await temporaryFolder(), 'home'), threads: 1 };
  await warmHome(config.home);
  faces = await openFaces({ config });
});
afterEach(() => faces.close());

describe('training', () => {
  test.each([{ steps: -1 }, { steps: 0.5 }, { validation: 1 }, { validation: Number.NaN }])(
    'with %j is wrong use, before a photo is read',
    async (options) => {
      await expect(faces.train('/no/such/folder', options)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  test('on a face whose values are no numbers ends in an error that names the photo', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { pam: ['pam', 2], sue: ['sue', 2] });
    const folders = await listLabelFolders(root);
    const contents = await readOnce(folders.files, photoReader(faces.reader), faces.cache);
    const dataset = withoutCopies(folders, contents);
    const reading = peopleIn(dataset, contents);
    const broken = reading.photos.map((photo, i) =>
      i !== 1
        ? photo
        : {
            ...photo,
            faces: photo.faces.map((face) => ({
              ...face,
              embedding: { ...face.embedding, values: face.embedding.values.map(() => Number.NaN) },
            })),
          },
    );
    const { background, reader, compute } = faces;
    await expect(modelOfPhotos(dataset, broken, background, reader.space, compute)).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(/A face in .*pam.* holds NaN/) as string,
    });
  });

  test('a photo with several people is used for the one whose folder it is in', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { pam: ['pam', 2], sue: ['sue', 2] });
    await cp(demoPhoto(6), join(root, 'pam', 'party.jpg'));
    const { model, report } = await faces.train(root, { validation: 0 });
    expect(report).toMatchObject({ photos: 5, faces: 8, severalFaces: 1, likelyWrong: [], unclear: [] });
    expect(model.gallery.map(({ person }) => person)).toEqual([0, 0, 0, 1, 1]);
    const [photo] = await answersTo(faces, [demoPhoto(6)], model);
    // Had another face of it been taken, that one would be called pam.
    expect(namesIn(photo)).toEqual(['pam', 'sue', null, null]);
  });

  test('a photo in the wrong folder is reported with the name it fits, and not learnt', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 3], sue: ['sue', 3] });
    await writePhoto(join(root, 'sue', 'wrong.jpg'), portrait('mona', 4));
    const { model, report } = await faces.train(root, { validation: 0 });
    expect(report.likelyWrong).toEqual([{ path: 'sue/wrong.jpg', person: 'sue', looksLike: 'mona' }]);
    expect(model.gallery).toHaveLength(6);
  });

  test('two photos that do not agree are both learnt', async () => {
    const root = await temporaryFolder();
    await writePhoto(join(root, 'ann', '1.jpg'), portrait('mona'));
    await writePhoto(join(root, 'ann', '2.jpg'), portrait('sue'));
    const { model, report } = await faces.train(root);
    expect(report.likelyWrong).toEqual([]);
    expect(model.gallery).toHaveLength(2);
  });

  test('everything is told as it goes, in order, and once more in the report', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 1] });
    await writePhoto(join(root, 'nell', 'wall.png'), encode(fourColours()).png());
    await writeFile(join(root, 'nell', 'empty.jpg'), '');
    const told: string[] = [];
    const { model, report } = await faces.train(root, {
      onDataset: ({ photos, skipped }) => told.push(`${photos.length} photos, ${skipped.length} skipped`),
      onProgress: (done, total) => told.push(`${done}/${total}`),
      onFaces: (found) => told.push(`${found.faces} faces, ${found.computed} computed`),
      onTried: ({ precision }) => told.push(`precision ${precision}`),
    });
    const tried = report.points.map(({ precision }) => `precision ${precision}`);
    expect(told).toEqual(
      ['1/5', '2/5', '3/5', '4/5', '5/5', '4 photos, 1 skipped', '3 faces, 4 computed'].concat(tried),
    );
    expect(report.skipped).toEqual([
      { path: 'nell/empty.jpg', reason: 'is empty (0 bytes)' },
      { path: 'nell/wall.png', reason: 'shows no face that could be found' },
    ]);
    // The number of photos that were cached by chance is no part of the model.
    const { computed: _, cached: __, ...kept } = report;
    expect(model.report).toEqual(kept);
  });

  test('says nothing about this machine in the model file', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 1] });
    await writeFile(join(root, 'mona', 'text.jpg'), 'no photo');
    const { model } = await faces.train(root);
    expect(JSON.stringify(model)).not.toContain(root);
    expect(JSON.stringify(model)).toContain('mona/text.jpg');
  });
});

describe('the second time', () => {
  test('nothing is computed, not even after a move, and no network is opened', async () => {
    const root = join(await temporaryFolder(), 'photos');
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 1] });
    const first = await faces.train(root);
    expect(first.report).toMatchObject({ computed: 3, cached: 0 });

    await rename(root, `${root} moved`);
    await rename(join(`${root} moved`, 'mona'), join(`${root} moved`, 'Mona M.'));
    await rm(join(config.home, 'models'), { recursive: true });
    const again = await openFaces({ config });
    const second = await again.train(`${root} moved`);
    await again.close();
    expect(second.report).toMatchObject({ computed: 0, cached: 3 });
    expect(second.model.people).toEqual(['Mona M.', 'nell']);
    expect(second.model.gallery).toEqual(first.model.gallery);
    await expect(stat(join(config.home, 'models'))).rejects.toThrow('ENOENT');
  });

  test('a photo that was replaced under its name is read again', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 1], nell: ['nell', 1] });
    const first = await faces.train(root);
    await writePhoto(join(root, 'mona', '1.jpg'), portrait('sue'));
    const second = await faces.train(root);
    expect(second.report).toMatchObject({ computed: 1, cached: 1 });
    expect(second.model.gallery[1]).toEqual(first.model.gallery[1]);
    expect(second.model.gallery[0]).not.toEqual(first.model.gallery[0]);
  });

  test('a model that was saved and loaded decides as before', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 1], sue: ['sue', 3] });
    const { model } = await faces.train(root);
    const path = join(root, 'people.onnx');
    await savePeopleModel(path, model);
    const loaded = await loadPeopleModel(path);
    const before = await answersTo(faces, [demoPhoto(3)], model);
    const after = await answersTo(faces, [demoPhoto(3)], loaded);
    const sure = (photos: typeof before): unknown[] =>
      photos.flatMap((photo) =>
        photo.kind === 'failure'
          ? []
          : photo.faces.map(({ decision }) => [decision.kind, decision.probability.toFixed(4)]),
      );
    expect(sure(after)).toEqual(sure(before));
    expect(sure(before)).toHaveLength(3);
  });
});

describe('strangers', () => {
  test('in a folder called unknown are not learnt, and the report says so', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 1], unknown: ['sue', 2] });
    const { model, report } = await faces.train(root);
    expect(model.people).toEqual(['mona', 'nell']);
    expect(report.photos).toBe(3);
    expect(report.skipped).toEqual([
      {
        path: 'unknown',
        reason: 'holds 2 photos of strangers: nobody to learn (whosin evaluate asks about them)',
      },
    ]);
    expect(report.unreadable).toBe(0);
  });

  test('alone leave nobody to learn', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { unknown: ['sue', 1] });
    await expect(faces.train(root)).rejects.toMatchObject({ code: 'too-few-photos' });
  });

  test('are named at a rate that the model knows from its training, and that can be set', async () => {
    const root = await temporaryFolder();
    await writePortraits(root, { mona: ['mona', 2], nell: ['nell', 1], sue: ['sue', 3] });
    const { model, report } = await faces.train(root);
    const path = join(root, 'people.onnx');
    await savePeopleModel(path, model);
    const loaded = await loadPeopleModel(path);
    expect(loaded.strangerRates).toEqual(report.strangerRates);
    expect(loaded.recalibration).toEqual(report.recalibration);
    expect(report.strangerRates).toMatchObject({ people: 3, reference: expect.stringContaining('pairs') });
    const strict = withMaxWrong(loaded, 0.001);
    expect(strict.setting.rate).toBe(0.001);
    expect(strict.model.minProbability).toBeGreaterThan(withMaxWrong(loaded, 0.1).model.minProbability);
    expect(strangerRateOf(strict.model)!.rate).toBeCloseTo(0.001, 5);
    expect(() => withMaxWrong(loaded, 2)).toThrow('between 0 and 1');
    const { strangerRates: _, ...old } = loaded;
    expect(() => withMaxWrong(old, 0.1)).toThrow('Train it again');
  });
});
