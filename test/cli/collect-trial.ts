/** A server on loopback that plays Openverse, and a folder in which the command collects from it. */

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { json, type Loopback, listen, notFound } from '../collect/loopback.ts';
import { openverseAnswer } from '../collect/play-apis.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Run, Whosin } from './whosin.ts';

type Offer = Readonly<Record<string, readonly (Uint8Array | string)[]>>;

/** Plays Openverse: the photos of each name, or what a server says instead of one. */
export async function play(offer: Offer, onPhoto: (served: number) => void = () => {}): Promise<Loopback> {
  let served = 0;
  const server: Loopback = await listen((url, response) => {
    const [, first, name = '', number] = url.pathname.split('/').map(decodeURIComponent);
    if (url.pathname === '/v1/images/') {
      const asked = url.searchParams.get('q') ?? '';
      const photos = (offer[asked] ?? []).map((_, i) => ({
        address: `${server.address}photo/${encodeURIComponent(asked)}/${i}`,
        title: `<b>${asked}</b> ${i}`,
      }));
      return json(response, openverseAnswer(url, photos));
    }
    const photo = first === 'photo' ? offer[name]?.[Number(number)] : undefined;
    if (photo === undefined) return notFound(response);
    onPhoto(++served);
    if (typeof photo !== 'string') return response.end(photo);
    return response.writeHead(302, { location: photo }).end();
  });
  onTestFinished(() => server.close());
  return server;
}

export interface Trial {
  readonly cwd: string;
  readonly collect: (...flags: readonly string[]) => Promise<Run>;
}

export async function trial(whosin: Whosin, server: Loopback, list: string): Promise<Trial> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'names.txt'), list);
  const api = ['--source', 'openverse', '--openverse-api', `${server.address}v1/`, '--rate', '500'];
  const args = ['collect', 'names.txt', '-o', 'set', ...api, '--contact', 'test@localhost'];
  return { cwd, collect: (...flags) => whosin([...args, ...flags], { cwd }) };
}

export const local = ({ address }: Loopback): readonly string[] => [
  '--allow-private-addresses',
  new URL(address).host,
];

export async function filesIn(cwd: string): Promise<string[]> {
  const found = await readdir(join(cwd, 'set'), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.whosin'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(cwd, 'set').length + 1))
    .filter((path) => path !== 'provenance.jsonl')
    .toSorted();
}
