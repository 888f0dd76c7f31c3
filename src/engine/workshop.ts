/** Everything that the process with the networks can do; it holds networks, models and albums open meanwhile. */

import { type Album, openAlbum } from '../album/open-album.ts';
import type { Config } from '../config.ts';
import { openFaces } from '../faces/open-faces.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import { withMaxWrong } from '../faces/people/model-stranger-rate.ts';
import { loadPeopleModel } from '../faces/people/people-model.ts';
import { openWhosin, type Whosin } from '../open-whosin.ts';
import { addedJson } from '../report/album-json.ts';
import { classifiedJson } from '../report/classified-json.ts';
import { photoJson } from '../report/decision-json.ts';
import { faceReadingJson } from '../report/faces-json.ts';
import { faceThumbnails, photoThumbnail } from '../report/thumbnails.ts';
import { verificationJson } from '../report/verification-json.ts';
import { limitMemory } from '../runtime/photo-memory.ts';
import { evaluatePeople, evaluatePicturesModel } from './evaluate.ts';
import type { Input, Output, PeopleSource, Progress, WorkKind } from './messages.ts';
import { cacheUse, clearCache, folderUse, modelsHere } from './stored.ts';
import { trainFolder } from './train.ts';

interface How<K extends WorkKind> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress<K>) => void;
}

export interface Workshop {
  do(kind: WorkKind, input: unknown, how: How<never>): Promise<unknown>;
  close(): Promise<void>;
}

type Bench = { readonly [K in WorkKind]: (input: Input<K>, how: How<K>) => Promise<Output<K>> };

/** Before two photos are compared, and from when they are called one person: as `whosin verify` has it. */
const evenOdds = 0.5;
const likelierThanNot = 0.5;

/** Photos that somebody uploads are forgotten once they are answered, and fill no disk. */
const keep = false;

export function openWorkshop(config: Config): Workshop {
  limitMemory(config);
  let opened: Promise<Whosin> | undefined;
  const albums = new Map<string, Promise<Album>>();
  const whosin = (): Promise<Whosin> => (opened ??= openWhosin({ config }));
  const album = (place: string): Promise<Album> => {
    const known = albums.get(place);
    if (known) return known;
    const opening = openAlbum(place, { create: false, config, faces: () => openFaces({ config }) });
    albums.set(place, opening);
    opening.catch(() => albums.delete(place));
    return opening;
  };
  const people = openPeople(album);

  const bench: Bench = {
    add: async ({ place, paths }, { signal, onProgress }) => {
      const added = await (await album(place)).add(paths, {
        signal,
        onProgress: (stage, done, total) => onProgress({ stage, done, total }),
      });
      return addedJson(added);
    },
    identify: async ({ photos, people: source, maxWrong }, { signal }) => {
      const model = await people(source);
      const asked = maxWrong === undefined ? model : withMaxWrong(model, maxWrong).model;
      return all((await whosin()).identify(photos, asked, { signal, keep }), photoJson);
    },
    verify: async ({ a, b }) => {
      const found = await (await whosin()).verify(a, b, { prior: evenOdds, keep });
      const same = (found.pairs[0]?.probability ?? 0) >= likelierThanNot;
      return verificationJson(found, [a.name, b.name], evenOdds, same);
    },
    faces: async ({ photos }, { signal }) =>
      all((await whosin()).findFaces(photos, { signal, keep }), faceReadingJson),
    classify: async ({ photos, model, top }, { signal }) =>
      all((await whosin()).classify(photos, { signal, ...(model !== undefined && { model }) }), (photo) =>
        classifiedJson(photo, top),
      ),
    train: async (input, how) => trainFolder(await whosin(), config, input, how),
    evaluate: async (input, how) =>
      input.model.kind === 'pictures'
        ? evaluatePicturesModel(config, input.model.model, input, how)
        : evaluatePeople(await whosin(), await people(input.model), input, how),
    models: () => modelsHere(config),
    stored: async ({ folders }) => ({
      ...(await cacheUse(config)),
      folders: await Promise.all(folders.map(folderUse)),
    }),
    clearCache: (what) => clearCache(config, what),
    faceThumbnails: ({ path, boxes, side }) => faceThumbnails(path, boxes, side),
    photoThumbnail: ({ path, side }) => photoThumbnail(path, side),
  };

  return {
    do: (kind, input, how) =>
      (bench[kind] as (input: unknown, how: How<never>) => Promise<unknown>)(input, how),
    async close() {
      await (await opened?.catch(() => undefined))?.close();
      for (const one of await Promise.allSettled(albums.values())) {
        if (one.status === 'fulfilled') await one.value.close();
      }
    },
  };
}

/** Models of people, loaded once; that of an album anew after each thing that was said in it. */
function openPeople(
  album: (place: string) => Promise<Album>,
): (source: PeopleSource) => Promise<PeopleModel> {
  const loaded = new Map<string, { readonly as: string; readonly model: Promise<PeopleModel> }>();
  return async (source) => {
    const key = JSON.stringify(source);
    const from = source.kind === 'album' ? await album(source.place) : undefined;
    const as = from === undefined ? '' : String((await from.log({ limit: 1 }))[0]?.number ?? 0);
    const known = loaded.get(key);
    if (known?.as === as) return known.model;
    const model = from === undefined ? loadPeopleModel((source as { path: string }).path) : from.model();
    loaded.set(key, { as, model });
    model.catch(() => loaded.delete(key));
    return model;
  };
}

async function all<T, J>(answers: AsyncIterable<T>, json: (answer: T) => J): Promise<J[]> {
  const list: J[] = [];
  for await (const answer of answers) list.push(json(answer));
  return list;
}
