import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type DownloadOptions, download } from '../../src/packs/download.ts';
import { broken, page, partly, proxyTo, sendOn, serve, whole } from '../runtime/loopback.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const file = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 5);
const sha256 = createHash('sha256').update(file).digest('hex');
const quick: DownloadOptions = { maxBytes: 1e6, retryDelay: 1, patience: 2000 };

test('a file comes whole, with its sha256 and its progress, and leaves nothing beside it', async () => {
  const folder = await temporaryFolder();
  const { address } = await serve(whole(file));
  const seen: [number, number | undefined][] = [];
  const onProgress = (bytes: number, total: number | undefined): number => seen.push([bytes, total]);
  expect(await download(address, join(folder, 'new', 'a.tgz'), { ...quick, onProgress })).toBe(sha256);
  expect(new Uint8Array(await readFile(join(folder, 'new', 'a.tgz')))).toEqual(file);
  expect(await readdir(join(folder, 'new'))).toEqual(['a.tgz']);
  expect(seen[0]).toEqual([0, file.length]);
  expect(seen.at(-1)).toEqual([file.length, file.length]);
});

describe('a transfer that breaks off', () => {
  test('goes on behind what has come, as often as it takes', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const server = await serve(partly(file, 100_000), partly(file, 200_000), whole(file));
    const onProgress = (bytes: number): void => {
      if (bytes === 100_000 * server.ranges.length) server.breakOff();
    };
    expect(await download(server.address, path, { ...quick, onProgress })).toBe(sha256);
    expect(server.ranges).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  test('starts over where the server has another file meanwhile', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const server = await serve(partly(file.toReversed(), 100_000, '"old"'), whole(file, '"new"'));
    const onProgress = (bytes: number): void => {
      if (bytes === 100_000) server.breakOff();
    };
    expect(await download(server.address, path, { ...quick, onProgress })).toBe(sha256);
    expect(server.ranges).toEqual([undefined, 'bytes=100000-']);
  });

  test('that was stopped is gone on with by the next command, and only from the same address', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const { address, ranges } = await serve(partly(file, 150_000), whole(file));
    const stop = new AbortController();
    const onProgress = (bytes: number): void => {
      if (bytes >= 150_000) stop.abort();
    };
    await expect(
      download(address, path, { ...quick, onProgress, signal: stop.signal }),
    ).rejects.toMatchObject({
      code: 'cancelled',
      message: `Stopped fetching ${address}. The same command goes on where it was.`,
    });
    expect(existsSync(path)).toBe(false);
    const elsewhere = await serve(whole(file));
    expect(await download(address, path, quick)).toBe(sha256);
    expect(ranges).toEqual([undefined, 'bytes=150000-']);
    await writeFile(`${path}.part`, 'of something else');
    await writeFile(`${path}.part.json`, JSON.stringify({ address, validator: '"1"' }));
    expect(await download(elsewhere.address, path, quick)).toBe(sha256);
    expect(elsewhere.ranges).toEqual([undefined]);
  });

  test('is given up after five attempts, and what has come is kept', async () => {
    const folder = await temporaryFolder();
    const { address, ranges } = await serve(broken);
    await expect(download(address, join(folder, 'a.tgz'), quick)).rejects.toMatchObject({
      code: 'cannot-fetch',
    });
    expect(ranges).toHaveLength(5);
    expect(await readdir(folder)).not.toContain('a.tgz');
  });

  test('is given up where no more comes', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const { address } = await serve(partly(file, 1000));
    await expect(download(address, path, { ...quick, patience: 200 })).rejects.toMatchObject({
      code: 'cannot-fetch',
      message: expect.stringMatching(/Cannot fetch .*Body Timeout/),
    });
  });
});

describe('what is not the file', () => {
  test.each([
    ['nothing there', page(404), 'the server answers HTTP 404: there is no such file'],
    ['not allowed', page(403), 'the server answers HTTP 403'],
    [
      'a page to log in',
      page(200),
      'a web page came instead of the file: does the network want you to log in',
    ],
    ['a circle', sendOn('/model.tgz'), 'it is sent on more than 5 times'],
    [
      'another kind of address',
      sendOn('file:///etc/passwd'),
      'file:///etc/passwd is not an address of the web',
    ],
  ])('%s is said at once', async (_what, answer, reason) => {
    const folder = await temporaryFolder();
    const { address } = await serve(answer);
    await expect(download(address, join(folder, 'a.tgz'), quick)).rejects.toMatchObject({
      code: 'cannot-fetch',
      message: expect.stringContaining(`Cannot fetch ${address}: ${reason}`),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a server that is busy is asked again', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const { address, ranges } = await serve(page(503), page(429), whole(file));
    expect(await download(address, path, quick)).toBe(sha256);
    expect(ranges).toHaveLength(3);
  });

  test('a redirect is followed', async () => {
    const path = join(await temporaryFolder(), 'a.tgz');
    const { address } = await serve(whole(file));
    const first = await serve(sendOn(address));
    expect(await download(first.address, path, quick)).toBe(sha256);
  });

  test.each([
    ['that says so', whole(file)],
    [
      'that does not say so',
      (response: Parameters<ReturnType<typeof whole>>[0]): void => void response.end(file),
    ],
  ])('a file of more bytes than any such file has, %s, is not fetched to the end', async (_what, answer) => {
    const { address } = await serve(answer);
    const path = join(await temporaryFolder(), 'a.tgz');
    await expect(download(address, path, { ...quick, maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'cannot-fetch',
      message: expect.stringContaining('it is larger than 0.1 MB'),
    });
  });
});

describe('a disk', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'that is full is said, and what filled it is taken away',
    async () => {
      const folder = await temporaryFolder();
      const path = join(folder, 'a.tgz');
      await symlink('/dev/full', `${path}.part`);
      const { address } = await serve(whole(file));
      await expect(download(address, path, quick)).rejects.toMatchObject({
        code: 'cannot-write',
        message: `The disk of ${folder} is full: make room and run the same command again.`,
      });
      expect(await readdir(folder)).not.toContain('a.tgz.part');
    },
  );

  test('that has no room for the file is seen before it comes', async () => {
    const huge = 2 ** 50;
    const { address } = await serve((response) => {
      response.writeHead(200, { 'content-length': String(huge) });
      response.write('x');
    });
    const path = join(await temporaryFolder(), 'a.tgz');
    await expect(download(address, path, { ...quick, maxBytes: huge })).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringMatching(/is full \(1125899906\.8 MB needed, [\d.]+ MB free\)/),
    });
  });

  test('where the target cannot be written is named', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a.tgz.part'));
    const { address } = await serve(whole(file));
    await expect(download(address, join(folder, 'a.tgz'), quick)).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringContaining(join(folder, 'a.tgz')),
    });
  });
});

test.each([
  { no_proxy: '', through: ['models.example.org:80'] },
  { no_proxy: 'example.org,127.0.0.1', through: [] },
])('the proxy of the environment is taken, unless no_proxy is "$no_proxy"', async ({ no_proxy, through }) => {
  const path = join(await temporaryFolder(), 'a.tgz');
  const server = await serve(whole(file));
  const proxy = await proxyTo(server.address);
  const address = no_proxy ? server.address : 'http://models.example.org/model.tgz';
  vi.stubEnv('http_proxy', proxy.address);
  vi.stubEnv('no_proxy', no_proxy);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await download(address, path, quick)).toBe(sha256);
  expect(proxy.asked).toEqual(through);
});
