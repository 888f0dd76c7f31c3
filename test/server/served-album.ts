/** A real server on loopback with an album of made photos, for one test. */

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Album } from '../../src/album/open-album.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { type Running, type ServeOptions, serve } from '../../src/server/serve.ts';
import { madeConfig, openMadeAlbum, writePeople } from '../album/made-album.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const token = 'the-token-of-these-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows which answer it asked for
  readonly body: any;
}

export interface Served {
  readonly server: Running;
  readonly album: Album;
  readonly folder: string;
  readonly path: (name: string) => string;
  /** With the token; `body` is sent as JSON. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
}

export interface Made extends Partial<ServeOptions> {
  readonly people?: number;
  readonly takes?: number;
}

export async function serveMade({ people = 3, takes = 3, ...options }: Made = {}): Promise<Served> {
  const folder = await temporaryFolder();
  await writePeople(folder, people, takes);
  const album = await openMadeAlbum(folder);
  if (people > 0) await album.add([join(folder, 'photos')]);
  const server = await serve(album, {
    config: madeConfig(join(folder, '.home')),
    version: '0.0.0-test',
    write: writeFileAtomically,
    token,
    roots: [folder],
    ...options,
  });
  onTestFinished(() => server.close());
  const call: Served['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${server.address}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  };
  return { server, album, folder, call, path: (name) => join(folder, 'photos', `${name}.jpg`) };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = text !== '' && (response.headers.get('content-type')?.includes('json') ?? false);
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
