/** Training, evaluation and classification through the engine's own process, as the page asks for them. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { readConfig } from '../../src/config.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { type Running, serve } from '../../src/server/serve.ts';
import { portrait } from '../demo-people.ts';
import { writeColours } from '../pictures/toy-pictures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';
import { answerOf, token } from './served-album.ts';

const files = sharedFolder();
const headers = { authorization: `Bearer ${token}` };
let album: Album;
let server: Running;

beforeAll(async () => {
  await warmHome(files.path);
  const config = readConfig({ WHOSIN_HOME: files.path, WHOSIN_THREADS: '1' });
  album = await openAlbum(join(files.path, 'album.db'), { config });
  server = await serve(album, {
    config,
    version: '0',
    write: writeFileAtomically,
    token,
    roots: [files.path],
  });
});

afterAll(async () => {
  await server.close();
  await album.close();
});

async function call(method: string, path: string, body?: FormData | object) {
  const isJson = body !== undefined && !(body instanceof FormData);
  return answerOf(
    await fetch(`${server.address}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(isJson && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
    }),
  );
}

async function ended(job: number) {
  for (;;) {
    const { body } = await call('GET', `/jobs/${job}`);
    if (body.ended !== null) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function upload(photo: Uint8Array): FormData {
  const form = new FormData();
  form.append('photo', new Blob([new Uint8Array(photo)]), 'photo.jpg');
  return form;
}

test('folders of pictures become a model step by step: curve, mistakes, calibration, file; it is asked, evaluated, removed', async () => {
  const folder = join(files.path, 'colours');
  await writeColours(folder, { red: [200, 60, 60], rust: [190, 70, 60], blue: [60, 60, 200] }, 24);
  const body = { name: 'colours', on: 'pictures', from: { folder }, steps: 60 };
  const begun = await call('POST', '/models', body);
  expect(begun.status).toBe(202);
  expect((await call('POST', '/models', body)).status).toBe(409);
  const job = await ended(begun.body.id);
  expect(job).toMatchObject({
    kind: 'train',
    state: 'done',
    error: null,
    result: { model: 'colours', photos: 72 },
  });

  const { points } = (await call('GET', `/jobs/${job.id}/curve`)).body;
  expect(points).toHaveLength(60);
  expect(points[0].at).toBe(1);
  expect(points.at(-1).trainingCrossEntropy).toBeLessThan(points[0].trainingCrossEntropy);
  expect((await call('GET', `/jobs/${job.id}/curve?after=59`)).body.points).toEqual([points[59]]);

  const { body: model } = await call('GET', '/models/colours');
  expect(model.curve).toEqual({ across: 'step', points });
  expect(model.labels.map(({ label }: { label: string }) => label)).toEqual(['blue', 'red', 'rust']);
  const heldOut = model.labels.reduce((sum: number, one: { heldOut: number }) => sum + one.heldOut, 0);
  expect(model.heldOut.of).toBe(heldOut);
  expect(model.heldOut.of - model.heldOut.hits).toBe(model.mistakesTotal);
  expect(model.calibration.bins.length).toBeGreaterThan(0);
  for (const i of model.mistakes.keys()) {
    const picture = await fetch(`${server.address}/api/v1/models/colours/mistakes/${i}/picture`, { headers });
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
  }
  const file = await fetch(`${server.address}/api/v1/models/colours/file`, { headers });
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="colours.onnx"');
  expect((await file.arrayBuffer()).byteLength).toBe(model.bytes);

  const { models } = (await call('GET', '/models')).body;
  expect(models.find(({ name }: { name: string }) => name === 'colours')).toMatchObject({
    kind: 'pictures',
    state: 'trained',
    labels: 3,
  });
  const asked = await call('POST', '/classify?model=colours', upload(await portrait('mona').toBuffer()));
  const scores = asked.body.photos[0].labels.map(({ score }: { score: number }) => score);
  expect(scores).toHaveLength(3);
  expect(scores.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 4);
  // A name is a model's, not a file's in the folder that the server was started in.
  expect((await call('POST', '/classify?model=package.json', upload(new Uint8Array(3)))).status).toBe(404);

  const measured = await ended(
    (await call('POST', '/models/colours/evaluations', { from: { folder } })).body.id,
  );
  expect(measured).toMatchObject({ kind: 'evaluate', state: 'done', result: { model: 'colours' } });
  const { body: result } = await call('GET', `/evaluations/${measured.id}`);
  expect(result.figures[0]).toMatchObject({ name: 'right label', share: { of: 72 } });
  const page = await fetch(`${server.address}/api/v1/evaluations/${measured.id}/report`, { headers });
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
  expect(await page.text()).toContain('How right are the answers?');

  expect((await call('DELETE', '/models/colours')).status).toBe(204);
  expect((await call('GET', '/models/colours')).status).toBe(404);
  expect(await readdir(join(files.path, 'trained'))).toEqual([]);
});

test('dropped portraits become a model of people, and are gone afterwards', async () => {
  const { drop } = (await call('POST', '/drops')).body;
  for (const person of ['mona', 'nell'] as const) {
    const form = new FormData();
    for (const number of [1, 2, 3]) {
      const bytes = new Uint8Array(await portrait(person, number).toBuffer());
      form.append('photo', new Blob([bytes]), `${number}.jpg`);
    }
    const { body } = await call('POST', `/drops/${drop}/pictures?label=${person}`, form);
    expect(body.pictures).toBe(person === 'mona' ? 3 : 6);
  }
  const begun = await call('POST', '/models', { name: 'friends', on: 'people', from: { drop } });
  const job = await ended(begun.body.id);
  expect(job).toMatchObject({ state: 'done', error: null, result: { model: 'friends', photos: 6 } });
  expect((await call('POST', '/models', { name: 'again', on: 'people', from: { drop } })).status).toBe(404);
  const { body: model } = await call('GET', '/models/friends');
  expect(model.curve.across).toBe('strength');
  expect(model.curve.points[0].at).toBeNull();
  expect(model.sentences.join(' ')).toContain('Names are given from');
  const photo = upload(await portrait('nell', 4).toBuffer());
  const { body: identified } = await call('POST', '/identify?model=friends&maxWrong=0.1', photo);
  expect(identified.photos[0].faces[0].person).toBe('nell');
});

test('a training that is stopped in the middle of its steps ends at once, and leaves nothing', async () => {
  const folder = join(files.path, 'colours');
  const body = { name: 'stopped', on: 'pictures', from: { folder }, steps: 100_000 };
  const { id } = (await call('POST', '/models', body)).body;
  // Steps are reckoned without a pause: a message to stop was read after the last of them.
  while ((await call('GET', `/jobs/${id}/curve`)).body.points.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await call('DELETE', `/jobs/${id}`);
  expect((await ended(id)).state).toBe('cancelled');
  expect((await call('GET', `/jobs/${id}/curve`)).body.points.length).toBeLessThan(200);
  expect((await readdir(join(files.path, 'trained'))).filter((name) => name.includes('stopped'))).toEqual([]);
  expect(await readdir(folder)).toEqual(['blue', 'red', 'rust']);
});
