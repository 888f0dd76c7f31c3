/** `whosin models list`. */

import type { Config } from '../../config.ts';
import { embedderSpace } from '../../models/face-embedder-pack.ts';
import { filesOf } from '../../models/pack.ts';
import { type ListedPack, listedPacks } from '../../packs/listed-packs.ts';
import { shown } from '../../report/words.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { aboutPack } from './pack-text.ts';

export async function listModels(json: boolean, { packs }: Config): Promise<void> {
  const models = await listedPacks(packs);
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
function facesLast(a: ListedPack, b: ListedPack): number {
  const isOfFaces = ({ pack }: ListedPack): boolean => pack !== undefined && pack.kind !== 'picture';
  return Number(isOfFaces(a)) - Number(isOfFaces(b));
}

function toJson({ pack, ...about }: ListedPack): object {
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
