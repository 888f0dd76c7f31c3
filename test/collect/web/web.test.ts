import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWeb, type Web, type WebOptions } from '../../../src/collect/web/web.ts';
import { type Answering, json, type Loopback, listen, notFound } from '../loopback.ts';

async function serve(answer: Answering, robots?: Answering): Promise<Loopback> {
  const server = await listen((url, response, request) => {
    if (url.pathname !== '/robots.txt') return answer(url, response, request);
    return robots ? robots(url, response, request) : notFound(response);
  });
  onTestFinished(() => server.close());
  return server;
}

function open(options: Partial<WebOptions> = {}): Web {
  const web = openWeb({
    userAgent: 'whosin/0.0.0 (test@localhost)',
    limits: { bytes: 1000, milliseconds: 5000, redirects: 3 },
    allowPrivate: true,
    perSecond: 1000,
    backoff: 1,
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    ...options,
  });
  onTestFinished(() => web.close());
  return web;
}

const plain = (text: string) => (_: URL, response: ServerResponse) => response.end(text);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('what is fetched', () => {
  test('comes whole, asked for under the program’s name with the contact', async () => {
    const server = await serve(plain('photo'));
    expect(text(await open().file(`${server.address}a`))).toBe('photo');
    expect([...server.agents]).toEqual(['whosin/0.0.0 (test@localhost)']);
    expect(server.asked).toEqual(['/robots.txt', '/a']);
  });

  test('follows redirects, from host to host', async () => {
    const far = await serve(plain('far'));
    const near = await serve((url, response) => {
      const location = url.pathname === '/a' ? '/b' : `${far.address}c`;
      response.writeHead(302, { location }).end();
    });
    expect(text(await open().file(`${near.address}a`))).toBe('far');
    expect(far.asked).toEqual(['/robots.txt', '/c']);
  });

  test('is asked for again after 429, 500 and a cut-off answer, and then comes', async () => {
    let asked = 0;
    const server = await serve((_, response) => {
      asked++;
      if (asked === 1) return response.writeHead(429, { 'retry-after': '0' }).end();
      if (asked === 2) return response.writeHead(500).end();
      if (asked === 3) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        return setImmediate(() => response.destroy());
      }
      return response.end('whole');
    });
    expect(text(await open().file(`${server.address}a`))).toBe('whole');
  });

  test('of an API is JSON, remembered where there is a memory', async () => {
    const server = await serve((_, response) => json(response, { a: 1 }));
    const memory = new Map<string, string>();
    const web = open({
      memory: {
        get: async (address) => memory.get(address),
        put: async (address, answer) => void memory.set(address, answer),
      },
    });
    expect(await web.json(`${server.address}api`)).toEqual({ a: 1 });
    expect(await web.json(`${server.address}api`)).toEqual({ a: 1 });
    expect(server.asked).toEqual(['/api']);
  });
});

describe('what is refused, each with its sentence', () => {
  const refusals: readonly [string, string, RegExp][] = [
    ['files', 'file:///etc/passwd', /^Refused file:.*: only http and https addresses are fetched\.$/],
    ['data', 'data:image/png;base64,AAAA', /only http and https/],
    ['other protocols', 'ftp://example.org/a.jpg', /only http and https/],
    [
      'passwords',
      'http://me:secret@example.org/',
      /^Refused an address at example.org: it carries a user name/,
    ],
    ['no address', 'photos/a.jpg', /^Refused "photos\/a.jpg": it is no address\.$/],
    [
      'this machine',
      'http://127.0.0.1:1/',
      /^Refused 127.0.0.1: it is on this machine or in a private network/,
    ],
    ['this machine in other digits', 'http://0x7f.1/', /^Refused 127.0.0.1:/],
    ['this machine as one number', 'http://2130706433/', /^Refused 127.0.0.1:/],
    ['this machine in IPv6', 'http://[::1]/', /^Refused ::1:/],
    ['this machine as mapped IPv4', 'http://[::ffff:127.0.0.1]/', /^Refused ::ffff:7f00:1:/],
    [
      'this machine by name, after DNS',
      'http://localhost:1/',
      /^Refused localhost \((127\.0\.0\.1|::1)\): it is on/,
    ],
    ['a private network', 'https://192.168.0.1/', /^Refused 192.168.0.1:/],
    ['a cloud’s metadata', 'http://169.254.169.254/latest/', /^Refused 169.254.169.254:/],
  ];

  test.each(refusals)('%s (%s)', async (_, address, sentence) => {
    const failure = await open({ allowPrivate: false })
      .file(address)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'refused', message: expect.stringMatching(sentence) });
  });

  test('a redirect to a private address', async () => {
    const secret = await serve(plain('secret'));
    const server = await serve((_, response) => response.writeHead(301, { location: secret.address }).end());
    const allowPrivate = [new URL(server.address).host];
    await expect(open({ allowPrivate }).file(`${server.address}a`)).rejects.toThrow(
      /^Refused 127.0.0.1: it is on this machine/,
    );
    expect(secret.asked).toEqual([]);
  });

  test('a redirect away from http, to nowhere, and without end', async () => {
    const server = await serve((url, response) => {
      const places: Record<string, string> = {
        '/file': 'file:///etc/passwd',
        '/odd': 'http://[',
        '/loop': '/loop',
      };
      response.writeHead(302, { location: places[url.pathname] }).end();
    });
    const web = open();
    await expect(web.file(`${server.address}file`)).rejects.toThrow('only http and https');
    await expect(web.file(`${server.address}odd`)).rejects.toThrow('it is no address');
    await expect(web.file(`${server.address}loop`)).rejects.toThrow('more than 3 redirects');
  });

  test('more bytes than allowed, announced or not', async () => {
    let sent = 0;
    const server = await serve((url, response) => {
      if (url.pathname === '/announced') response.writeHead(200, { 'content-length': String(100e6) });
      const more = (): void => {
        if (response.destroyed || sent > 100e6) return;
        sent += 65_536;
        if (response.write(Buffer.alloc(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const web = open();
    await expect(web.file(`${server.address}announced`)).rejects.toThrow(
      /^Refused .*announced: it announces 100000000 bytes, and the limit is 1000 bytes\.$/,
    );
    await expect(web.file(`${server.address}endless`)).rejects.toThrow(
      /it sends more, and the limit is 1000 bytes/,
    );
    expect(sent).toBeLessThan(50e6);
  });

  test('an answer that takes too long, however steadily it drips', async () => {
    const server = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const limits = { bytes: 1000, milliseconds: 150, redirects: 3 };
    await expect(open({ limits, retries: 0 }).file(`${server.address}a`)).rejects.toThrow(
      /^Cannot fetch .*: no whole answer within 0\.15 s\.$/,
    );
  });

  test('a page that is not there, once and not again', async () => {
    const server = await serve((_, response) => notFound(response));
    await expect(open().file(`${server.address}a`)).rejects.toThrow(/a answers with status 404\.$/);
    expect(server.asked).toEqual(['/robots.txt', '/a']);
  });

  test('a server that stays in trouble, after so many tries', async () => {
    const server = await serve((_, response) => response.writeHead(503).end());
    await expect(open({ retries: 2 }).file(`${server.address}a`)).rejects.toThrow('answers with status 503');
    expect(server.asked).toEqual(['/robots.txt', '/a', '/a', '/a']);
  });

  test('a pause longer than anybody waits, in seconds or as a date', async () => {
    const server = await serve((url, response) => {
      const date = 'Thu, 01 Jan 2026 01:00:00 GMT';
      response.writeHead(429, { 'retry-after': url.pathname === '/date' ? date : '3600' }).end();
    });
    const web = open();
    await expect(web.file(`${server.address}a`)).rejects.toThrow('asks to wait 3600 s: try again later');
    await expect(web.file(`${server.address}date`)).rejects.toThrow('asks to wait 3600 s');
    expect(server.asked).toHaveLength(3);
  });

  test('HTML where JSON was asked for', async () => {
    const server = await serve(plain('<!doctype html>'));
    await expect(open().json(`${server.address}api`)).rejects.toThrow('does not answer in JSON');
  });
});

describe('robots.txt', () => {
  const rules = plain('User-agent: *\nDisallow: /private/\n\nUser-agent: whosin\nDisallow: /no-whosin/\n');

  test('is asked for once a host, and kept', async () => {
    const server = await serve(plain('photo'), rules);
    const web = open();
    await web.file(`${server.address}private/a`);
    await expect(web.file(`${server.address}no-whosin/a`)).rejects.toThrow(
      /^Refused .*: robots.txt of 127.0.0.1:\d+ does not allow it\.$/,
    );
    expect(server.asked).toEqual(['/robots.txt', '/private/a']);
  });

  test('of every host on the way of a redirect counts', async () => {
    const far = await serve(plain('far'), plain('User-agent: *\nDisallow: /'));
    const near = await serve((_, response) => response.writeHead(302, { location: far.address }).end());
    await expect(open().file(`${near.address}a`)).rejects.toThrow('robots.txt of');
    expect(far.asked).toEqual(['/robots.txt']);
  });

  test('that a server cannot give forbids everything, that it has not allows it (RFC 9309)', async () => {
    const broken = await serve(plain('photo'), (_, response) => response.writeHead(500).end());
    await expect(open({ retries: 0 }).file(`${broken.address}a`)).rejects.toThrow('robots.txt of');
    const without = await serve(plain('photo'), (_, response) => response.writeHead(403).end());
    expect(text(await open().file(`${without.address}a`))).toBe('photo');
  });

  test('is not for APIs, which are made for programs', async () => {
    const server = await serve((_, response) => json(response, []), plain('User-agent: *\nDisallow: /'));
    expect(await open().json(`${server.address}api`)).toEqual([]);
  });
});

test('no more than two requests are under way at one host', async () => {
  let [now, most] = [0, 0];
  const server = await serve((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end('photo');
    }, 10);
  });
  const web = open();
  await Promise.all(Array.from({ length: 12 }, (_, i) => web.file(`${server.address}${i}`)));
  expect(most).toBe(2);
});
