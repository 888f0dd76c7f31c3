/** Readers of what whosin stores itself, which disks, other versions and people may have changed: by way of files. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readJournal } from '../../src/collect/journal.ts';
import { replay } from '../../src/collect/set-state.ts';
import { decodePhotoFaces, encodePhotoFaces } from '../../src/faces/find/face.ts';
import { unpack } from '../../src/packs/archive.ts';
import { readModelFile } from '../../src/packs/model-file.ts';
import { findPack, packNames } from '../../src/packs/pack-store.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { openContentHashes } from '../../src/photos/content-hashes.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { packFiles } from '../models/pack-files.ts';
import { archiveOf, toyFiles } from '../runtime/toy-model.ts';
import { graphDefSeeds, onnxSeeds } from './graph-seeds.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson, mutateJsonLines } from './mutate-json.ts';
import { mutateProtobuf } from './mutate-protobuf.ts';
import { type Reader, utf8 } from './reader.ts';

const sha256 = 'ab'.repeat(32);

/** @param folder for the files, which whoever asks removes */
export async function storeReaders(folder: string): Promise<Reader[]> {
  const cached = { home: join(folder, 'home'), space: 'toy/1' };
  const cache = openCache(cached.home, writeFileAtomically);
  await cache.put(cached.space, sha256, faces);
  const entry = join(cached.home, 'bottlenecks', 'toy_1', 'ab', `${sha256}.bin`);
  const photo = join(folder, 'photo.jpg');
  const journal = join(folder, 'provenance.jsonl');
  const log = await logOf(join(folder, 'hashes'), photo);
  const packs = join(folder, 'packs');
  await mkdir(join(packs, 'toy'), { recursive: true });
  const archive = join(folder, 'archive.tgz');
  const model = join(folder, 'model');
  await mkdir(join(folder, 'a'));
  for (const shard of ['w.bin', 'a/b.bin']) await writeFile(join(folder, shard), 'x');
  return [
    {
      name: 'cache-entry',
      seeds: [new Uint8Array(await readFile(entry))],
      mutate: [mutateBytes],
      read: async (bytes) => {
        await writeFile(entry, bytes);
        const found = await cache.get(cached.space, sha256);
        if (found && Buffer.compare(found, faces) !== 0) throw new Error('a damaged entry was believed');
      },
    },
    {
      name: 'cached-faces',
      seeds: [faces],
      mutate: [mutateBytes, mutateJsonLines],
      read: (bytes) => decodePhotoFaces(bytes, 'toy/1'),
    },
    {
      name: 'content-hashes',
      seeds: [log.bytes],
      mutate: [mutateBytes],
      read: async (bytes) => {
        await writeFile(log.path, bytes);
        const hashes = openContentHashes(log.home, writeFileAtomically);
        const found = await hashes.recall(photo);
        if (found !== undefined && found !== log.sha256)
          throw new Error(`a damaged record was believed: ${found}`);
      },
    },
    {
      name: 'provenance',
      seeds: [utf8(provenance)],
      mutate: [mutateJsonLines, mutateJsonLines, mutateBytes],
      read: async (bytes) => {
        await writeFile(journal, bytes);
        replay(await readJournal(journal));
      },
    },
    {
      name: 'pack-store',
      seeds: Object.values(packFiles).map(utf8),
      mutate: [mutateJson, mutateBytes],
      read: async (bytes) => {
        await writeFile(join(packs, 'toy', 'pack.json'), bytes);
        await packNames(packs);
        await findPack(packs, 'toy');
      },
    },
    {
      name: 'model-file',
      seeds: [
        ...graphDefSeeds(),
        ...onnxSeeds(),
        utf8('{"weightsManifest":[{"paths":["w.bin","a/b.bin"]}]}'),
      ],
      mutate: [mutateProtobuf, mutateBytes, mutateJson],
      read: async (bytes) => {
        await writeFile(model, bytes);
        await readModelFile(model);
      },
    },
    {
      name: 'archive',
      seeds: [await archiveOf(toyFiles), new Uint8Array(gunzipSync(await archiveOf(toyFiles)))],
      mutate: [mutateBytes],
      read: async (bytes) => {
        const to = join(folder, 'unpacked');
        await mkdir(to);
        try {
          await writeFile(archive, bytes);
          await unpack(archive, to, ['toy/frozen_graph.pb', 'toy/labels.txt'], 2 ** 20);
        } finally {
          // As src/packs/install-pack.ts does: files may still be written when the archive turns out to be damaged.
          await rm(to, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
        }
      },
    },
  ];
}

/** A face as the cache keeps it, with all that it has. */
const faces = encodePhotoFaces({
  width: 640,
  height: 480,
  perceptualHash: '0123456789abcdef',
  faces: [
    {
      box: { left: 1, top: 2, width: 30, height: 40 },
      score: 0.9,
      quality: 0.8,
      landmarks: [{ x: 1, y: 2 }],
      embedding: { space: 'toy/1', values: Float32Array.of(0.6, 0.8) },
    },
  ],
});

const about = { source: 'urls', address: 'https://photos.example/1.jpg', licence: 'CC BY 4.0' };
const time = '2026-11-29T12:00:00.000Z';

const provenance = [
  { event: 'photo', name: 'Ann', sha256, path: `Ann/${sha256}.jpg`, reason: null, ...about, time },
  { event: 'copy', name: 'Ann', sha256, ...about, time },
  { event: 'failed', name: 'Ann', ...about, code: 'cannot-fetch', message: 'HTTP 404', time },
  { event: 'judging', time },
  {
    event: 'moved',
    name: 'Ann',
    sha256,
    from: `Ann/${sha256}.jpg`,
    path: `rejected/no-face/Ann/${sha256}.jpg`,
    reason: 'no-face',
    by: 'whosin',
    time,
  },
  { event: 'round', time },
  { event: 'end', time },
]
  .map((entry) => `${JSON.stringify(entry)}\n`)
  .join('');

/** The log of hashes of a folder with this photo in it, whose hash is believed. */
async function logOf(
  home: string,
  photo: string,
): Promise<{
  readonly home: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}> {
  await writeFile(photo, 'x');
  const sum = createHash('sha256').update('x').digest('hex');
  const hashes = openContentHashes(home, writeFileAtomically, () => Date.now() + 60_000);
  await hashes.reading(photo, async () => ({ sha256: sum }));
  await hashes.flush();
  const [name] = await readdir(join(home, 'seen'));
  const path = join(home, 'seen', name!);
  return { home, path, bytes: new Uint8Array(await readFile(path)), sha256: sum };
}
