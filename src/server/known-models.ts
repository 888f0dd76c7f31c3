/** Every model that can be asked, by its name: the album's people, models that were given or trained, packs. */

import type { PeopleSource } from '../engine/messages.ts';
import type { Engine } from '../engine/open-engine.ts';
import { WhosinError } from '../errors.ts';
import type { ModelJson } from '../report/schema/model-schema.ts';
import type { TrainedModels } from './trained-models.ts';

export type ModelSource = PeopleSource | { readonly kind: 'pictures'; readonly model: string };

export interface KnownModels {
  list(): Promise<readonly ModelJson[]>;
  /** Throws `not-found` for a name that no model of the kind has. */
  people(name: string): Promise<PeopleSource>;
  pictures(name: string): Promise<string>;
  /** A model of either kind. */
  any(name: string): Promise<ModelSource>;
}

export interface ModelPlaces {
  /** The place of the album. */
  readonly album: string;
  /** Files of models of people, by their names. */
  readonly given: ReadonlyMap<string, string>;
  readonly trained: TrainedModels;
}

export function openKnownModels(engine: Engine, { album, given, trained }: ModelPlaces): KnownModels {
  const list = async (): Promise<readonly ModelJson[]> => {
    const names = await trained.names();
    return [
      { ...unknown, name: 'album', kind: 'people', state: 'album' },
      ...[...given.keys()].map((name): ModelJson => ({ ...unknown, name, kind: 'people', state: 'given' })),
      ...(await Promise.all(names.map((name) => trainedModel(trained, name)))),
      ...(await engine.run('models', null)),
    ];
  };
  /** Most requests name one of these: the engine, which may be busy, is not asked for its models then. */
  const own = async (name: string): Promise<ModelSource | undefined> => {
    if (name === 'album') return { kind: 'album', place: album };
    const path = given.get(name);
    if (path !== undefined) return { kind: 'file', path };
    if (!(await trained.names()).includes(name)) return undefined;
    const model = await trained.get(name);
    const file = await trained.path(name);
    return model.kind === 'people' ? { kind: 'file', path: file } : { kind: 'pictures', model: file };
  };
  const refusal = async (
    name: string,
    kinds: readonly ModelJson['kind'][],
    what: string,
  ): Promise<WhosinError> => {
    const models = (await list()).filter(({ kind, state }) => kinds.includes(kind) && state !== 'damaged');
    const names = models.map((model) => model.name).join(', ');
    return new WhosinError('not-found', `This server has no ${what} called "${name}": it has ${names}.`);
  };
  const any = async (name: string): Promise<ModelSource | undefined> => {
    const found = await own(name);
    if (found) return found;
    const packs = await engine.run('models', null);
    const isPack = packs.some(
      (pack) => pack.name === name && pack.kind !== 'faces' && pack.state !== 'damaged',
    );
    return isPack ? { kind: 'pictures', model: name } : undefined;
  };
  return {
    list,
    async people(name) {
      const source = await own(name);
      if (source && source.kind !== 'pictures') return source;
      throw await refusal(name, ['people'], 'model of people');
    },
    async pictures(name) {
      const source = await any(name);
      if (source?.kind === 'pictures') return source.model;
      throw await refusal(name, ['pictures', 'objects'], 'model of pictures');
    },
    async any(name) {
      const source = await any(name);
      if (source) return source;
      throw await refusal(name, ['people', 'pictures', 'objects'], 'model');
    },
  };
}

const unknown = {
  labels: null,
  teaches: false,
  licence: null,
  source: null,
  version: null,
  made: null,
  problem: null,
} as const;

async function trainedModel(trained: TrainedModels, name: string): Promise<ModelJson> {
  try {
    const { kind, labels, network, licence, made, file } = await trained.get(name);
    return {
      ...unknown,
      name,
      kind,
      state: 'trained',
      labels: labels.length,
      licence: `${licence} (${network})`,
      version: /-([0-9a-f]{8})\.onnx$/.exec(file)?.[1] ?? null,
      made,
    };
  } catch (error) {
    return { ...unknown, name, kind: 'pictures', state: 'damaged', problem: (error as Error).message };
  }
}
