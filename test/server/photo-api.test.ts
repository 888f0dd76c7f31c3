/** Single photos, videos and faces over HTTP: drawn faces, boxes, covers, reasons, years, tracks, and what a search offers. */

import { expect, test } from 'vitest';
import { serveMade } from './served-album.ts';

const corner = { left: 0.7, top: 0.6, width: 0.2, height: 0.25 };

async function servedAnn() {
  const served = await serveMade();
  const { call } = served;
  const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
  await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' });
  const [{ sha256 }] = (await call('GET', '/api/v1/photos?q=Ann')).body.photos;
  const facesNow = async () => (await call('GET', `/api/v1/photos/${sha256}`)).body.faces;
  return { ...served, sha256, facesNow };
}

test('a missed face is drawn and named, its box is corrected, and each is taken back', async () => {
  const { call, sha256, facesNow } = await servedAnn();
  const drawn = await call('POST', '/api/v1/said', {
    kind: 'draw',
    photo: sha256,
    box: corner,
    person: 'Bob',
  });
  expect(drawn.status).toBe(200);
  const [, bob] = await facesNow();
  expect(bob).toMatchObject({ person: 'Bob', state: 'confirmed', box: corner, drawn: true });
  const box = { ...corner, left: 0.5 };
  const moved = await call('POST', '/api/v1/said', { kind: 'box', face: bob.face, box });
  expect((await facesNow())[1].box).toEqual(box);
  expect((await call('GET', '/api/v1/said')).body.said[0]).toMatchObject({ kind: 'box', faces: 1 });
  await call('POST', '/api/v1/said/undo', { said: moved.body.said });
  await call('POST', '/api/v1/said/undo', { said: drawn.body.said });
  expect(await facesNow()).toHaveLength(1);
});

test.each([
  [{ kind: 'draw', box: corner, person: 'Bob' }, 400],
  [{ kind: 'draw', photo: '0'.repeat(64), box: corner, person: 'Bob' }, 404],
  [{ kind: 'draw', photo: 'x', box: { ...corner, left: 3 }, person: 'Bob' }, 400],
  [{ kind: 'box', face: 'x', box: corner }, 404],
  [{ kind: 'cover', person: 'Nobody', face: 'x' }, 404],
])('%j is refused, and nothing is said', async (body, status) => {
  const { call } = await serveMade({ people: 1 });
  expect((await call('POST', '/api/v1/said', body)).status).toBe(status);
  expect((await call('GET', '/api/v1/said')).body.said).toEqual([]);
});

test('the face that shows a person is chosen', async () => {
  const { call } = await servedAnn();
  const ann = async () => (await call('GET', '/api/v1/people')).body.people[0];
  const { uid, cover } = await ann();
  const { faces } = (await call('GET', `/api/v1/people/${uid}/faces`)).body;
  const { face } = faces.find((one: { face: string }) => one.face !== cover.face);
  await call('POST', '/api/v1/said', { kind: 'cover', person: 'Ann', face });
  expect((await ann()).cover.face).toBe(face);
});

test('a face tells why it has its name; a face that is none is 404', async () => {
  const { call, facesNow } = await servedAnn();
  const [{ face }] = await facesNow();
  const { body } = await call('GET', `/api/v1/faces/${encodeURIComponent(face)}/why`);
  expect(body).toMatchObject({ face: { face }, said: { source: 'person' }, together: 1 });
  expect(body.likely[0]).toMatchObject({ person: 'Ann', speakers: [{ logOdds: expect.any(Number) }, {}] });
  const none = face.replace(/@.*/, '@0.9000,0.9000,0.0500,0.0500');
  expect((await call('GET', `/api/v1/faces/${encodeURIComponent(none)}/why`)).status).toBe(404);
});

test('a person year by year, and what a search could go on with', async () => {
  const { call } = await servedAnn();
  const [{ uid }] = (await call('GET', '/api/v1/people')).body.people;
  const { years } = (await call('GET', `/api/v1/people/${uid}/years`)).body;
  expect(years).toMatchObject([{ photos: 3, face: { kind: 'photo' } }]);
  expect((await call('GET', '/api/v1/people/nobody/years')).status).toBe(404);
  const { body } = await call('GET', '/api/v1/photos/facets?q=Ann');
  expect(body).toMatchObject({ total: 3, people: [{ label: 'Ann', query: 'Ann', photos: 3 }] });
  expect((await call('GET', '/api/v1/photos/facets?q=Anm')).status).toBe(404);
});

test('the faces of a video are told moment by moment; a photo has no tracks', async () => {
  const { call, album, path } = await serveMade({ people: 1, takes: 1 });
  const [{ sha256 }] = (await call('GET', '/api/v1/photos')).body.photos;
  expect((await call('GET', `/api/v1/photos/${sha256}/tracks`)).status).toBe(404);
  // The catalog as it is after a video was read.
  await album.catalog.write(async ({ photos, faces, paths }) => {
    const [row] = await paths.find([path('0-0')]);
    const [{ id, ...photo } = { id: 0 }] = await photos.byIds([row!.photo!]);
    await photos.save({ ...photo, kind: 'video', duration: 10 } as Parameters<typeof photos.save>[0]);
    const [face] = await faces.ofPhotos([id]);
    const [z, embedding] = [Float32Array.of(1), Float32Array.of(1)];
    const seen = [
      { time: 1, box: corner },
      { time: 3, box: { ...corner, left: 0.5 } },
    ];
    const time = { from: 1, to: 3, at: 2 };
    await faces.replace(face!.id, {
      box: corner,
      score: 1,
      quality: 1,
      time,
      z,
      embedding,
      still: null,
      seen,
    });
  });
  const { tracks } = (await call('GET', `/api/v1/photos/${sha256}/tracks`)).body;
  expect(tracks).toMatchObject([
    {
      from: 1,
      to: 3,
      seen: [
        { time: 1, box: corner },
        { time: 3, box: { ...corner, left: 0.5 } },
      ],
    },
  ]);
});
