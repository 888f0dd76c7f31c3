/** Models that were trained by the page: a folder for each, with the file, what it is worth, and the pictures of its mistakes. */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { type TrainedModelJson, trainedModelSchema } from '../report/schema/model-schema.ts';
import type { TrainingReportJson } from '../report/schema/training-schema.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { isAlive } from './private-folders.ts';

/** A model that is being made; nothing of it is seen until it is finished. */
export interface Incoming {
  readonly file: string;
  readonly pictures: string;
  /** Throws `in-use` if there is one of that name by now. */
  finish(report: TrainingReportJson): Promise<TrainedModelJson>;
  /** Removes what is there of it; nothing happens once it is finished. */
  drop(): Promise<void>;
}

export interface TrainedModels {
  readonly folder: string;
  names(): Promise<readonly string[]>;
  /** Throws `not-found`, `not-a-model` for one that is damaged. */
  get(name: string): Promise<TrainedModelJson>;
  /** The model file. Throws as `get` does. */
  path(name: string): Promise<string>;
  /** The picture of a mistake. Throws `not-found`. */
  picture(name: string, mistake: number): Promise<Uint8Array>;
  /** Throws `cannot-write`. */
  begin(name: string): Promise<Incoming>;
  /** Throws `not-found`, `cannot-write`. */
  remove(name: string): Promise<void>;
}

/** Names of models, which their folders have too. */
export const modelName = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

const reportFile = 'report.json';

/** @param now milliseconds since 1970 */
export function openTrainedModels(folder: string, now: () => number = Date.now): TrainedModels {
  const names = async (): Promise<readonly string[]> =>
    (await readdir(folder).catch((): string[] => [])).filter((name) => modelName.test(name)).toSorted();
  const get = async (name: string): Promise<TrainedModelJson> => {
    if (!modelName.test(name)) throw noModel(name);
    const text = await readFile(join(folder, name, reportFile), 'utf8').catch(() => undefined);
    if (text === undefined && !(await names()).includes(name)) throw noModel(name);
    const read = trainedModelSchema.safeParse(parsed(text));
    if (read.success && /^[\w.-]+\.onnx$/.test(read.data.file)) return { ...read.data, name };
    throw new WhosinError('not-a-model', `The model ${name} is damaged: remove it, and train it again.`);
  };
  return {
    folder,
    names,
    get,
    path: async (name) => join(folder, name, (await get(name)).file),
    async picture(name, mistake) {
      if (!modelName.test(name)) throw noModel(name);
      return readFile(join(folder, name, 'mistakes', `${mistake}.jpg`)).catch(() => {
        throw new WhosinError('not-found', `The model ${name} has no picture ${mistake}.`);
      });
    },
    async begin(name) {
      await removeThoseOfTheDead(folder);
      const place = join(folder, `.${name}-${process.pid}-${randomUUID()}.incoming`);
      await makeFolder(join(place, 'mistakes')).catch((error: unknown) => {
        throw WhosinError.about('cannot-write', folder, `cannot be written to: ${reasonOf(error)}`, error);
      });
      const file = join(place, 'model.onnx');
      return {
        file,
        pictures: join(place, 'mistakes'),
        async finish(report) {
          const sha256 = createHash('sha256')
            .update(await readFile(file))
            .digest('hex');
          const { size: bytes } = await stat(file);
          // Whoever has a model of this name open goes on with that one: another file has another name.
          const named = `${name}-${sha256.slice(0, 8)}.onnx`;
          const model: TrainedModelJson = {
            ...report,
            schema: 1,
            name,
            made: new Date(now()).toISOString(),
            file: named,
            bytes,
          };
          await rename(file, join(place, named));
          await writeFile(join(place, reportFile), JSON.stringify(model));
          await rename(place, join(folder, name)).catch((error: unknown) => {
            throw new WhosinError('in-use', `There is a model called ${name} by now.`, { cause: error });
          });
          return model;
        },
        drop: () => rm(place, { recursive: true, force: true }),
      };
    },
    async remove(name) {
      if (!(await names()).includes(name)) throw noModel(name);
      const path = join(folder, name);
      await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
        throw WhosinError.about('cannot-write', path, `cannot be removed: ${reasonOf(error)}`, error);
      });
    },
  };
}

/** A server that was killed leaves what it was making. */
async function removeThoseOfTheDead(folder: string): Promise<void> {
  for (const entry of await readdir(folder).catch((): string[] => [])) {
    const [, pid] = /-(\d+)-[0-9a-f-]{36}\.incoming$/.exec(entry) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(folder, entry), { recursive: true, force: true }).catch(() => {});
  }
}

function noModel(name: string): WhosinError {
  return new WhosinError('not-found', `No model called ${name.slice(0, 80)} was trained here.`);
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
