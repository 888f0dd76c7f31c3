/** Long work over HTTP, and the events of it. */

import { mkdir, realpath, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WhosinError } from '../../src/errors.ts';
import { type Job, openJobs } from '../../src/server/jobs.ts';
import { requireSome } from '../../src/server/roots.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { serveMade, token } from './served-album.ts';

test('jobs of a kind run one after the other; their changes are told', async () => {
  const told: string[] = [];
  const jobs = openJobs(({ id, state }) => told.push(`${id} ${state}`));
  const work = (result: object) => ({ kind: 'add', title: 'Read', run: async () => result });
  jobs.start(work({ files: 1 }));
  const second = jobs.start({
    kind: 'add',
    title: 'Read',
    run: async () => {
      throw new WhosinError('not-found', 'There is no such folder.');
    },
  });
  while (jobs.get(second.id).ended === null) await wait(1);
  expect(told).toEqual(['1 queued', '2 queued', '1 running', '1 done', '2 running', '2 failed']);
  await jobs.close();
});

test('a job that fails keeps the reason, one that is stopped says so', async () => {
  const ended = new Map<number, Job>();
  const jobs = openJobs((job) => job.ended !== null && ended.set(job.id, job));
  const failing = jobs.start({
    kind: 'a',
    title: 'A',
    run: async () => {
      throw new WhosinError('not-found', 'There is no such folder.');
    },
  });
  const endless = jobs.start({
    kind: 'b',
    title: 'B',
    run: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new WhosinError('cancelled', 'Stopped.'))),
      ),
  });
  await wait(10);
  jobs.cancel(endless.id);
  await jobs.close();
  expect(ended.get(failing.id)).toMatchObject({ state: 'failed', error: { code: 'not-found', status: 404 } });
  expect(ended.get(endless.id)).toMatchObject({ state: 'cancelled', error: null });
  expect(() => jobs.get(99)).toThrow('There is no job 99.');
});

test('a folder outside the roots is refused, whatever links lead there', async () => {
  const { call, folder } = await serveMade({ people: 0 });
  for (const path of ['/etc', `${folder}/..`, `${folder}/../..`]) {
    const { status, body } = await call('POST', '/api/v1/jobs', { kind: 'add', paths: [path] });
    expect([status, body.code]).toEqual([403, 'refused']);
  }
  const { status } = await call('POST', '/api/v1/jobs', { kind: 'add', paths: [`${folder}/nothing`] });
  expect(status).toBe(404);
});

test('~/ is the folder of the user, as in a shell', async () => {
  const { call } = await serveMade({ people: 0, roots: [homedir()] });
  const { status, body } = await call('POST', '/api/v1/jobs', { kind: 'add', paths: ['~/no such folder'] });
  expect([status, body.detail]).toEqual([404, 'There is no ~/no such folder.']);
  const outside = await serveMade({ people: 0 });
  const refused = await outside.call('POST', '/api/v1/jobs', { kind: 'add', paths: ['~'] });
  expect([refused.status, refused.body.code]).toEqual([403, 'refused']);
});

// The folder of a memory card was gone when its turn came: the job was done, and had read nothing.
test('of a job whose folders are all gone when its turn comes, the reason is told; the way is looked at again', async () => {
  const folder = await realpath(await temporaryFolder());
  const [here, gone, led] = ['here', 'gone', 'led'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(here);
  await symlink('/etc', led);
  await requireSome([folder], [gone, here]);
  await expect(requireSome([folder], [gone])).rejects.toMatchObject({ code: 'not-found' });
  await expect(requireSome([folder], [here, led])).rejects.toMatchObject({ code: 'refused' });
});

/** Listens as a browser does, from the moment it returns. @returns reads until there are `enough` events */
async function listen(address: string, lastId?: number): Promise<(enough: number) => Promise<string[]>> {
  const stop = new AbortController();
  const response = await fetch(`${address}/api/v1/events`, {
    signal: stop.signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastId !== undefined && { 'last-event-id': String(lastId) }),
    },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  return async (enough) => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const found = text.split('\n\n').filter((part) => part.startsWith('id:'));
      if (found.length >= enough) {
        stop.abort();
        return found.map((part) => part.split('\n').slice(0, 2).join(' '));
      }
    }
    throw new Error('the events ended');
  };
}

test('events tell of what is said, and are taken up after the last one that was seen', async () => {
  const { call, server } = await serveMade();
  const events = await listen(server.address);
  for (const { group } of (await call('GET', '/api/v1/groups')).body.groups.slice(0, 2)) {
    await call('POST', `/api/v1/groups/${group}/name`, { person: `Person ${group}` });
  }
  expect(await events(2)).toEqual(['id: 1 event: said', 'id: 2 event: said']);
  expect(await (await listen(server.address, 1))(1)).toEqual(['id: 2 event: said']);
});

test('more listeners than a browser has tabs are refused', async () => {
  const { server, call } = await serveMade({ people: 0 });
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const statuses = await Promise.all(
    Array.from(
      { length: 80 },
      async () => (await fetch(`${server.address}/api/v1/events`, { headers, signal: stop.signal })).status,
    ),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(64);
  expect(statuses.filter((status) => status === 429)).toHaveLength(16);
  expect((await call('GET', '/api/v1/album')).status).toBe(200);
  stop.abort();
});
