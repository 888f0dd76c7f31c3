/** `whosin models list`. */

import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { embedderSpace } from '../../models/face-embedder-pack.ts';
import { filesOf, type Pack } from '../../models/pack.ts';
import { pullablePacks } from '../../models/pullable-packs.ts';
import { builtInPacks, findPack, packNames } from '../../packs/pack-store.ts';
import { shown } from '../../report/words.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { aboutPack } from './pack-text.ts';

/** `built-in`: comes with whosin. `here`: pulled or added. `pull`: can be fetched. `damaged`: see its problem. */
type State = 'built-in' | 'here' | 'pull' | 'damaged';

interface Listed {
  readonly name: string;
  readonly state: State;
  readonly pack?: Pack;
  readonly licence?: string;
  readonly source?: string;
  readonly address?: string;
  readonly problem?: string;
}

export async function listModels(json: boolean, { packs }: Config): Promise<void> {
  const models = await collect(packs);
  if (json) return print(JSON.stringify({ schema: 1, folder: packs, models: models.map(toJson) }));
  const width = Math.max(...models.map(({ name }) => name.length));
  for (const { name, state, pack, problem } of models.toSorted(facesLast)) {
    const remedy = state === 'pull' ? out.dim(`whosin models pull ${name}`) : '';
    const colour = { 'built-in': out.green, here: out.green, pull: out.dim, damaged: out.red }[state];
    const about = pack ? aboutPack(pack) : remedy;
    print(`${shown(name).padEnd(width)}  ${colour(state.padEnd(8))}  ${about}`);
    if (problem !== undefined) note(`${err.red('error:')} ${shown(problem)}`);
  }
  note(err.dim(`Models that were pulled or added are in ${packs}`));
}

/** Models of faces stand apart. */
function facesLast(a: Listed, b: Listed): number {
  const isOfFaces = ({ pack }: Listed): boolean => pack !== undefined && pack.kind !== 'picture';
  return Number(isOfFaces(a)) - Number(isOfFaces(b));
}

async function collect(packs: string): Promise<readonly Listed[]> {
  const there: Listed[] = [];
  for (const name of await packNames(packs)) there.push(await read(packs, name));
  const builtIn = builtInPacks.map((pack) => listed(pack.name, 'built-in', pack));
  const here = new Set(there.map(({ name }) => name));
  const rest = pullablePacks
    .filter(({ name }) => !here.has(name))
    .map(({ name, licence, source, address }): Listed => ({ name, state: 'pull', licence, source, address }));
  return [...builtIn, ...there, ...rest];
}

async function read(packs: string, name: string): Promise<Listed> {
  try {
    const pack = await findPack(packs, name);
    return pack ? listed(name, 'here', pack) : { name, state: 'damaged', problem: `${name} is gone.` };
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return { name, state: 'damaged', problem: error.message };
  }
}

function listed(name: string, state: State, pack: Pack): Listed {
  return { name, state, pack, licence: pack.licence, source: pack.source };
}

function toJson({ pack, ...about }: Listed): object {
  if (pack === undefined) return about;
  const files = filesOf(pack).map((file) => ({
    path: 'own' in file ? file.own : file.path,
    sha256: file.sha256,
  }));
  if (pack.kind === 'face-detector') return { ...about, detector: { family: 'yunet' }, files };
  if (pack.kind === 'face-embedder') {
    const { parts, graph, reference } = pack;
    const space = embedderSpace(parts, graph);
    return { ...about, faces: { family: parts.family, values: parts.size, space, reference }, files };
  }
  const { input, scores, objects, bottleneck } = pack;
  return {
    ...about,
    input: { width: input.width, height: input.height },
    labels: scores?.labels.length ?? objects?.labels.length ?? 0,
    objects: objects !== undefined,
    ...(bottleneck && { bottleneck: bottleneck.size }),
    files,
  };
}
