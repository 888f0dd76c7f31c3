/** Celebrities in Frontal-Profile: photos cut around their person. Its frontal faces are more people for a background. */

import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import type { Face, PhotoFaces } from '../../src/faces/find/face.ts';
import { prominences } from '../../src/faces/find/prominence.ts';
import { readAlbum } from '../../src/faces/find/read-album.ts';
import { openFaceReader } from '../../src/faces/find/read-faces.ts';
import { facesToFit, type ReferencePhoto } from '../../src/faces/packs/reference-photos.ts';
import type { Labelled } from '../../src/learn/odds/two-covariance-fit.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { benchPack } from './detector-pack.ts';
import type { ComparedFace } from './pair-odds.ts';

/**
 * People of cfp-dev who are in lfw-dev too. The set has numbers in the order of the names; these are the pairs of people
 * whom the odds hold for one and whose names fit the order.
 */
const inLfw: Readonly<Record<string, string>> = {
  '031': 'Andre_Agassi',
  '063': 'Benjamin_Netanyahu',
  '073': 'Boris_Becker',
  '091': 'Catherine_Zeta-Jones',
  '113': 'Dale_Earnhardt_Jr',
  '116': 'Daniel_Radcliffe',
  '118': 'David_Beckham',
  '120': 'David_Caruso',
  '126': 'Demi_Moore',
  '127': 'Denzel_Washington',
  '131': 'Dianne_Feinstein',
  '143': 'Drew_Barrymore',
  '145': 'Dwayne_Johnson',
  '146': 'Dwayne_Wade',
};

export interface ShownFace extends ComparedFace {
  /** `person/frontal/photo` or `person/profile/photo` */
  readonly path: string;
  /** How many faces the photo shows. */
  readonly all: number;
}

/** @returns by their paths within the folder */
export async function readFrontalProfile(root: string): Promise<ReadonlyMap<string, ShownFace>> {
  const config = readConfig();
  const reader = openFaceReader(benchPack, config);
  const cache = openCache(config.home, writeFileAtomically);
  const names = (await readdir(root, { recursive: true })).filter((each) => each.endsWith('.jpg')).toSorted();
  const read = new Map<string, ShownFace>();
  const paths = names.map((each) => join(root, each));
  for await (const reading of readAlbum(paths, reader, cache)) {
    if (reading.kind === 'failure') throw reading.error;
    const path = names[read.size]!;
    read.set(path, { path, central: mainFace(reading.photo), all: reading.photo.faces.length });
  }
  await reader.close();
  return read;
}

/** Whose photo it is; by the name of lfw-dev if that has the person. */
export function personOf(path: string): string {
  const number = path.split('/')[0]!;
  return inLfw[number] ?? `cfp-${number}`;
}

export function frontalFaces(faces: ReadonlyMap<string, ShownFace>): Labelled[] {
  const frontal = [...faces.values()].filter(({ path }) => dirname(path).endsWith('frontal'));
  return frontal.flatMap(({ path, central }) =>
    central === null
      ? []
      : [{ person: personOf(path), values: central.embedding.values, quality: central.quality }],
  );
}

/** The frontal faces of the folder in `--also=FOLDER`; none without the flag. */
export async function furtherFaces(): Promise<Labelled[]> {
  const given = process.argv.find((argument) => argument.startsWith('--also='));
  return given === undefined ? [] : frontalFaces(await readFrontalProfile(given.slice('--also='.length)));
}

/** The faces of a fit that is reported on other people: those of these photos, and the further faces without those people. */
export function facesToFitBeside(
  photos: readonly ReferencePhoto[],
  further: readonly Labelled[],
  reported: readonly { readonly person: string }[],
): Labelled[] {
  const people = new Set(reported.map(({ person }) => person));
  return [...facesToFit(photos), ...further.filter(({ person }) => !people.has(person))];
}

/** The photos are cut around their person, whose face may lie off the middle. */
function mainFace(photo: PhotoFaces): Face | null {
  const prominence = prominences(photo);
  return photo.faces.find((_, i) => prominence[i] === 1) ?? null;
}
