/** The album over HTTP: people, groups, questions, what was said, photos. */

import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, serveMade, token } from './served-album.ts';

describe('groups and people', () => {
  test('a group gets a name, is found, renamed, hidden and taken back', async () => {
    const { call } = await serveMade();
    const { body: groups } = await call('GET', '/api/v1/groups');
    expect([groups.total, groups.groups[0].faces]).toEqual([3, 3]);
    const { group } = groups.groups[0];

    const named = await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' });
    expect(named.body).toMatchObject({ schema: 1, person: 'Ann', faces: 3, joined: false });
    const { body: people } = await call('GET', '/api/v1/people');
    expect(people).toMatchObject({
      total: 1,
      next: null,
      people: [{ person: 'Ann', confirmed: 3, photos: 3 }],
    });
    const { uid } = people.people[0];

    const renamed = await call('PATCH', `/api/v1/people/${uid}`, { person: 'Anna', hidden: true });
    expect(renamed.body.said).toHaveLength(2);
    expect((await call('GET', `/api/v1/people/${uid}`)).body).toMatchObject({ person: 'Anna', hidden: true });

    await call('POST', '/api/v1/said/undo', { said: renamed.body.said });
    expect((await call('GET', `/api/v1/people/${uid}`)).body).toMatchObject({ person: 'Ann', hidden: false });
    await call('POST', '/api/v1/said/undo', { said: [named.body.said] });
    expect((await call('GET', '/api/v1/people')).body.total).toBe(0);
  });

  test('a name that somebody has is refused, until it is said whether it is the same person', async () => {
    const { call } = await serveMade();
    const [first, second, third] = (await call('GET', '/api/v1/groups')).body.groups;
    await call('POST', `/api/v1/groups/${first.group}/name`, { person: 'Ann' });
    const refused = await call('POST', `/api/v1/groups/${second.group}/name`, { person: 'Ann' });
    expect([refused.status, refused.body.code]).toEqual([409, 'in-use']);
    const joined = await call('POST', `/api/v1/groups/${second.group}/name`, { person: 'Ann', same: true });
    expect(joined.body).toMatchObject({ person: 'Ann', joined: true });
    const other = await call('POST', `/api/v1/groups/${third.group}/name`, { person: 'Ann', same: false });
    expect(other.body.joined).toBe(false);
    expect((await call('GET', '/api/v1/people')).body.total).toBe(2);
  });

  test('a rename onto another person is 409, unless merge=true says that they are one', async () => {
    const { call } = await serveMade();
    const [first, second] = (await call('GET', '/api/v1/groups')).body.groups;
    await call('POST', `/api/v1/groups/${first.group}/name`, { person: 'Ann' });
    await call('POST', `/api/v1/groups/${second.group}/name`, { person: 'Bob' });
    const bob = (await call('GET', '/api/v1/people')).body.people.find(
      (one: { person: string }) => one.person === 'Bob',
    );
    // The birth was stored, and the name refused.
    const both = { person: 'Ann', born: '1980', hidden: true };
    expect((await call('PATCH', `/api/v1/people/${bob.uid}`, both)).status).toBe(409);
    expect((await call('PATCH', `/api/v1/people/${bob.uid}`, { hidden: true, died: '9999-99' })).status).toBe(
      400,
    );
    expect((await call('GET', `/api/v1/people/${bob.uid}`)).body).toEqual(bob);
    expect((await call('GET', '/api/v1/said')).body.said).toHaveLength(2);
    expect((await call('PATCH', `/api/v1/people/${bob.uid}?merge=true`, { person: 'Ann' })).status).toBe(200);
    const { body } = await call('GET', '/api/v1/people');
    expect(
      body.people.map(({ person, confirmed }: { person: string; confirmed: number }) => [person, confirmed]),
    ).toEqual([['Ann', 6]]);
  });

  test('faces come in pages, each face once', async () => {
    const { call } = await serveMade({ people: 1, takes: 7 });
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await call('GET', `/api/v1/groups/${group}/faces?limit=3${query}`);
      seen.push(...body.faces.map(({ face }: { face: string }) => face));
      cursor = body.next;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  test('names in any script, with HTML and SQL in them, come back as they were', async () => {
    const { call } = await serveMade({ people: 4 });
    const names = ['<img src=x onerror=alert(1)>', "Robert'); DROP TABLE said;--", 'محمد', '祖母 👵🏽'];
    const { groups } = (await call('GET', '/api/v1/groups')).body;
    for (const [i, person] of names.entries()) {
      await call('POST', `/api/v1/groups/${groups[i].group}/name`, { person });
    }
    const { people } = (await call('GET', '/api/v1/people')).body;
    expect(people.map(({ person }: { person: string }) => person).toSorted()).toEqual(names.toSorted());
  });
});

describe('questions', () => {
  test('an answer to a question that has changed meanwhile is refused, and nothing is said', async () => {
    const { call } = await serveMade();
    const [question] = (await call('GET', '/api/v1/questions')).body.questions;
    expect(question).toMatchObject({ kind: 'who', faces: 3 });
    const [{ face }] = question.shown;
    await call('POST', '/api/v1/said', { kind: 'not-a-face', faces: [face] });
    const late = await call('POST', `/api/v1/questions/${question.id}/answer`, { kind: 'is', person: 'Ann' });
    expect([late.status, late.body.code]).toEqual([409, 'changed']);
    expect((await call('GET', '/api/v1/people')).body.total).toBe(0);
  });

  test('an answer names all faces of the question, and the question does not come back', async () => {
    const { call } = await serveMade();
    const [question] = (await call('GET', '/api/v1/questions')).body.questions;
    const answered = await call('POST', `/api/v1/questions/${question.id}/answer`, {
      kind: 'is',
      person: 'Ann',
    });
    expect(answered.body).toMatchObject({ faces: 3 });
    const { questions } = (await call('GET', '/api/v1/questions')).body;
    expect(questions.map(({ group }: { group: number }) => group)).not.toContain(question.group);
  });

  test('yes is no answer to the question who somebody is', async () => {
    const { call } = await serveMade();
    const [question] = (await call('GET', '/api/v1/questions')).body.questions;
    const { status, body } = await call('POST', `/api/v1/questions/${question.id}/answer`, { kind: 'yes' });
    expect([status, body.code]).toEqual([400, 'usage']);
  });
});

describe('photos', () => {
  test('a search says what it understood, and gives pages in the order of time', async () => {
    const { call } = await serveMade();
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' });
    const { body } = await call('GET', '/api/v1/photos?q=Ann&limit=2');
    expect([body.total, body.photos.length, body.meaning.length]).toEqual([3, 2, 1]);
    const rest = await call('GET', `/api/v1/photos?q=Ann&limit=2&cursor=${body.next}`);
    expect([rest.body.photos.length, rest.body.next]).toEqual([1, null]);
    const same = await call('GET', '/api/v1/photos?q=Ann&limit=2&offset=2');
    expect(same.body.photos).toEqual(rest.body.photos);
    expect((await call('GET', '/api/v1/photos')).body.total).toBe(9);
  });

  test('a name that nobody has is 404 with names that are near', async () => {
    const { call } = await serveMade();
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    await call('POST', `/api/v1/groups/${group}/name`, { person: 'Marianne' });
    const { status, body } = await call('GET', '/api/v1/photos?q=Mariane');
    expect(status).toBe(404);
    expect(body.detail).toContain('Marianne');
  });

  test('one photo shows its files and faces; the file itself is sent whole and in ranges', async () => {
    const { call, path } = await serveMade();
    const { photos } = (await call('GET', '/api/v1/photos')).body;
    const { sha256 } = photos[0];
    const { body } = await call('GET', `/api/v1/photos/${sha256}`);
    expect(body).toMatchObject({ sha256, kind: 'photo', width: 1000, height: 800 });
    expect(body.files[0].startsWith(path('').replace(/\.jpg$/, ''))).toBe(true);
    expect(body.faces).toHaveLength(1);
    const whole = await call('GET', `/api/v1/photos/${sha256}/file`);
    const part = await call('GET', `/api/v1/photos/${sha256}/file`, undefined, { range: 'bytes=2-5' });
    expect(part.status).toBe(206);
    expect(part.body).toBe(whole.body.slice(2, 6));
    const beyond = await call('GET', `/api/v1/photos/${sha256}/file`, undefined, { range: 'bytes=99999-' });
    expect(beyond.status).toBe(416);
  });

  test('a file that was replaced since it was read is not sent as the photo, nor one that a link leads to', async () => {
    // A link was followed to any file of the user, and an empty file was a fault.
    const { call, folder } = await serveMade({ people: 1 });
    const [{ sha256, file }] = (await call('GET', '/api/v1/photos')).body.photos;
    const secret = join(folder, 'secret.txt');
    await writeFile(secret, 'of nobody else');
    const put = [() => symlink(secret, file), () => writeFile(file, ''), () => mkdir(file)];
    for (const replace of put) {
      await rm(file, { recursive: true });
      await replace();
      const { status, body } = await call('GET', `/api/v1/photos/${sha256}/file`);
      expect([status, body.code]).toEqual([404, 'not-found']);
      expect((await call('GET', `/api/v1/photos/${sha256}/picture`)).status).toBe(404);
    }
  });

  test.each(['../../../etc/passwd', '%2e%2e%2fetc%2fpasswd', 'x'.repeat(64), '0'.repeat(64), '..'])(
    'a photo called %s is none',
    async (name) => {
      const { call } = await serveMade({ people: 1 });
      for (const behind of ['', '/file', '/picture']) {
        const { status } = await call('GET', `/api/v1/photos/${name}${behind}`);
        expect([400, 404]).toContain(status);
      }
    },
  );
});

describe('requests', () => {
  test('with the same Idempotency-Key are done once, and with another body refused', async () => {
    const { call } = await serveMade();
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    const key = { 'idempotency-key': 'first-name' };
    const first = await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' }, key);
    const again = await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await call('GET', '/api/v1/said')).body.said).toHaveLength(1);
    expect((await call('POST', `/api/v1/groups/${group}/name`, { person: 'Bob' }, key)).status).toBe(422);
  });

  test('with a body of photos that is cut off, or has no parts, are wrong and no fault of the server', async () => {
    const { server } = await serveMade({ people: 0 });
    const cutOff = '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nabc';
    for (const [type, body] of [
      ['multipart/form-data; boundary=x', cutOff],
      ['multipart/form-data', 'x'],
    ] as const) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const response = await fetch(`${server.address}/api/v1/identify`, { method: 'POST', headers, body });
      expect([response.status, (await answerOf(response)).body.code]).toEqual([400, 'usage']);
    }
  });

  test('to take back the same thing twice take it back once', async () => {
    const { call } = await serveMade({ people: 1 });
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    const { said } = (await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' })).body;
    expect((await call('POST', '/api/v1/said/undo', { said: [said, said] })).body.said).toEqual([said]);
    expect((await call('GET', '/api/v1/said')).body.said).toHaveLength(2);
  });

  test('that were refused for now may be tried again with the same Idempotency-Key', async () => {
    const { call } = await serveMade();
    const [first, second] = (await call('GET', '/api/v1/groups')).body.groups;
    const said = (await call('POST', `/api/v1/groups/${first.group}/name`, { person: 'Ann' })).body.said;
    const key = { 'idempotency-key': 'tried-twice' };
    const name = () => call('POST', `/api/v1/groups/${second.group}/name`, { person: 'Ann' }, key);
    expect((await name()).status).toBe(409);
    await call('POST', '/api/v1/said/undo', { said: [said] });
    expect((await name()).status).toBe(200);
  });

  test('for what has not changed are answered by 304', async () => {
    const { call } = await serveMade();
    const { headers } = await call('GET', '/api/v1/people');
    const again = await call('GET', '/api/v1/people', undefined, { 'if-none-match': headers.get('etag')! });
    expect(again.status).toBe(304);
  });

  test.each([
    ['POST', '/api/v1/said', { kind: 'is', person: 'Ann' }, 400],
    ['POST', '/api/v1/said', { kind: 'destroy', faces: ['1'] }, 400],
    ['POST', '/api/v1/said', { kind: 'is', person: 'Ann', faces: ['999'] }, 404],
    ['GET', '/api/v1/people?cursor=nonsense', undefined, 400],
    ['GET', '/api/v1/people?limit=0', undefined, 400],
    ['GET', '/api/v1/groups/999/faces', undefined, 404],
    ['GET', '/api/v1/people/nobody', undefined, 404],
    ['GET', '/api/v1/nothing', undefined, 404],
    ['POST', '/api/v1/said/undo', { said: [999] }, 404],
    ['POST', '/api/v1/identify', { photo: 'x' }, 415],
  ] as const)('%s %s %j is refused with a problem document', async (method, path, body, status) => {
    const { call } = await serveMade({ people: 1 });
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });
});

test('one person has the face that shows them best, as the list has it', async () => {
  const { call } = await serveMade();
  const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
  await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' });
  const [ann] = (await call('GET', '/api/v1/people')).body.people;
  expect(ann.cover.face).toMatch(/^[0-9a-f]{64}@/);
  expect((await call('GET', `/api/v1/people/${ann.uid}`)).body).toEqual(ann);
  const said = await call('PATCH', `/api/v1/people/${ann.uid}`, { born: '2015-03', died: '2090' });
  expect(said).toMatchObject({ status: 200, body: { said: [2, 3] } });
  const dates = { born: '2015-03', died: '2090' };
  expect((await call('GET', `/api/v1/people/${ann.uid}`)).body).toEqual({ ...ann, ...dates });
  expect((await call('PATCH', `/api/v1/people/${ann.uid}`, { born: 'soon' })).status).toBe(400);
  expect((await call('PATCH', `/api/v1/people/${ann.uid}`, { born: '2095' })).status).toBe(400);
  await call('PATCH', `/api/v1/people/${ann.uid}`, { died: null });
  const now = { ...ann, ...dates, died: null };
  expect((await call('GET', `/api/v1/people/${ann.uid}`)).body).toEqual(now);
});
