/** An embedder is added with odds that were fitted on photos of real people. */

import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../../src/config.ts';
import { type EmbedderFileOptions, fromEmbedderFile } from '../../../src/faces/packs/add-face-embedder.ts';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { loadFalseMatches } from '../../../src/faces/people/false-match-rate.ts';
import { type FaceEmbedderPack, facePackOf } from '../../../src/models/face-embedder-pack.ts';
import { facePackOfSpace } from '../../../src/packs/face-packs.ts';
import { addPack } from '../../../src/packs/install-pack.ts';
import { findPack } from '../../../src/packs/pack-store.ts';
import { toyEmbedder, writeEmbedder } from '../../models/toy-embedders.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const enough = 16;

function addFaceEmbedder(
  config: Config,
  name: string,
  path: string,
  options: EmbedderFileOptions,
): Promise<FaceEmbedderPack> {
  const make = fromEmbedderFile(config, path, { name, source: path }, options);
  return addPack(config.packs, 'face-embedder', name, make);
}

/** So many people of Labeled Faces in the Wild who have two photos, and those. */
async function reference(folder: string): Promise<string> {
  const source = sharedData('faces', 'lfw-dev');
  let people = 0;
  for (const person of (await readdir(source)).toSorted()) {
    const photos = (await readdir(join(source, person))).toSorted().slice(0, 2);
    if (photos.length < 2) continue;
    await mkdir(join(folder, person), { recursive: true });
    for (const photo of photos) await symlink(join(source, person, photo), join(folder, person, photo));
    if (++people === enough) break;
  }
  return folder;
}

describeWithSharedData('with photos of people', () => {
  test('a background is fitted that knows which photos are of one person, and is kept', {
    timeout: 120_000,
  }, async () => {
    const home = await temporaryFolder();
    const config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 2 };
    await writeFile(join(home, 'sface.onnx'), toyEmbedder('sface'));
    const asked: number[] = [];
    const pack = await addFaceEmbedder(config, 'toy', join(home, 'sface.onnx'), {
      reference: await reference(join(home, 'lfw')),
      leastPeople: enough,
      licence: 'Apache-2.0',
      onPhoto: (done) => asked.push(done),
    });
    expect(asked.at(-1)).toBe(2 * enough);
    expect(pack).toMatchObject({
      licence: 'Apache-2.0',
      reference: 'fitted on 32 faces of 16 people in lfw',
    });
    expect(await findPack(config.packs, 'toy')).toEqual(pack);
    const whole = facePackOf(pack);
    expect(await facePackOfSpace(config.packs, whole.space)).toEqual(whole);
    const { scale, mean } = await loadBackground(whole);
    expect(mean).toHaveLength(128);
    // Sixteen people in two halves: no more than some two hundred pairs, of which little is said.
    const falseMatches = await loadFalseMatches(whole);
    expect(falseMatches!.measuredOn).toMatch(/^\d+ pairs of photos of different people \(lfw\)$/);
    expect(falseMatches!.rates.length).toBeGreaterThan(0);
    expect(falseMatches!.rates.at(-1)![1]).toBeGreaterThan(0.02);
    expect(scale, 'likelier where they are more alike').toBeGreaterThan(0);
  });
});

test('an embedder that gives the same whatever it sees is refused', async () => {
  const home = await temporaryFolder();
  const config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
  await writeFile(join(home, 'dead.onnx'), writeEmbedder('in', 'out', ['n', 3, 112, 112], 128, false, 0));
  const added = addFaceEmbedder(config, 'dead', join(home, 'dead.onnx'), { reference: home });
  await expect(added).rejects.toMatchObject({
    code: 'bad-weights',
    message: 'dead gives the same values whatever it sees.',
  });
});
