/** `whosin models list`. */

import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { FaceDetectorPack } from '../../models/face-detector-pack.ts';
import { type FaceEmbedderPack, familyNames } from '../../models/face-embedder-pack.ts';
import { pullableFaceModels } from '../../models/opencv-zoo.ts';
import type { FolderFile } from '../../models/pack.ts';
import type { PicturePack } from '../../models/picture-pack.ts';
import { pullablePacks } from '../../models/tensorflow-packs.ts';
import { findFaceDetector, findFaceEmbedder } from '../../packs/face-pack-store.ts';
import { builtInPacks, findPack, packNames } from '../../packs/pack-store.ts';
import { shown } from '../../report/words.ts';
import { err, note, out, print } from '../terminal/output.ts';

/** `built-in`: comes with whosin. `here`: pulled or added. `pull`: can be fetched. `damaged`: see its problem. */
type State = 'built-in' | 'here' | 'pull' | 'damaged';

interface Listed {
  readonly name: string;
  readonly state: State;
  readonly pack?: PicturePack;
  readonly faces?: FaceEmbedderPack | FaceDetectorPack;
  readonly licence?: string;
  readonly source?: string;
  readonly address?: string;
  readonly problem?: string;
}

export async function listModels(json: boolean, { packs }: Config): Promise<void> {
  const models = await collect(packs);
  if (json) return print(JSON.stringify({ schema: 1, folder: packs, models: models.map(toJson) }));
  const width = Math.max(...models.map(({ name }) => name.length));
  for (const { name, state, pack, faces, problem } of models.toSorted(facesLast)) {
    const about = faces
      ? aboutFaces(faces)
      : pack
        ? aboutPack(pack)
        : state === 'pull'
          ? out.dim(`whosin models pull ${name}`)
          : '';
    const colour = { 'built-in': out.green, here: out.green, pull: out.dim, damaged: out.red }[state];
    print(`${shown(name).padEnd(width)}  ${colour(state.padEnd(8))}  ${about}`);
    if (problem !== undefined) note(`${err.red('error:')} ${shown(problem)}`);
  }
  note(err.dim(`Models that were pulled or added are in ${packs}`));
}

/** Models of faces stand apart. */
function facesLast(a: Listed, b: Listed): number {
  return Number(a.faces !== undefined) - Number(b.faces !== undefined);
}

function aboutFaces(pack: FaceEmbedderPack | FaceDetectorPack): string {
  const what =
    'network' in pack
      ? 'finds faces, YuNet'
      : `faces, ${familyNames[pack.parts.family]}, ${pack.parts.size} values`;
  return `${what}; licence: ${shown(pack.licence)}`;
}

async function collect(packs: string): Promise<readonly Listed[]> {
  const there: Listed[] = [];
  for (const name of await packNames(packs)) there.push(await read(packs, name));
  const builtIn = builtInPacks.map((pack): Listed => ({ ...described(pack), state: 'built-in' }));
  const here = new Set(there.map(({ name }) => name));
  const addresses = pullablePacks.map(({ archive, ...pack }) => ({ ...pack, address: archive.address }));
  const rest = [...addresses, ...pullableFaceModels]
    .filter(({ name }) => !here.has(name))
    .map(({ name, licence, source, address }): Listed => ({ name, state: 'pull', licence, source, address }));
  return [...builtIn, ...there, ...rest];
}

async function read(packs: string, name: string): Promise<Listed> {
  try {
    const faces = (await findFaceEmbedder(packs, name)) ?? (await findFaceDetector(packs, name));
    if (faces) return { name, state: 'here', faces, licence: faces.licence, source: faces.source };
    const pack = await findPack(packs, name);
    if (pack) return { ...described(pack), name, state: 'here' };
    return {
      name,
      state: 'damaged',
      problem: `${name} has no pack.json: remove it (whosin models remove ${name}).`,
    };
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return { name, state: 'damaged', problem: error.message };
  }
}

function described(pack: PicturePack): Pick<Listed, 'name' | 'pack' | 'licence' | 'source'> {
  return { name: pack.name, pack, licence: pack.licence, source: pack.source };
}

function aboutPack({ input, scores, objects, bottleneck }: PicturePack): string {
  const labels = scores
    ? `${scores.labels.length} labels`
    : objects
      ? `${objects.labels.length} kinds of things`
      : 'no labels';
  const layer = bottleneck ? `bottleneck of ${bottleneck.size}` : 'not to be trained on';
  return `${input.width}×${input.height}, ${labels}, ${layer}`;
}

function toJson({ pack, faces, ...listed }: Listed): object {
  const named = ({ path, sha256 }: FolderFile): object => ({ path, sha256 });
  if (faces && 'network' in faces) {
    return { ...listed, detector: { family: 'yunet' }, files: [named(faces.graph)] };
  }
  if (faces) {
    const { parts, space, reference, graph, background } = faces;
    return {
      ...listed,
      faces: { family: parts.family, values: parts.size, space, reference },
      files: [graph, background].map(named),
    };
  }
  if (!pack) return listed;
  const { graph, input, scores, objects, bottleneck } = pack;
  return {
    ...listed,
    input: { width: input.width, height: input.height },
    labels: scores?.labels.length ?? objects?.labels.length ?? 0,
    objects: objects !== undefined,
    ...(bottleneck && { bottleneck: bottleneck.size }),
    files: graph.files.map(({ path, sha256 }) => ({ path, sha256 })),
  };
}
