/** The files of compiled and optimised graphs in the home: how much they take, and which are of no use any more. */

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { removeLeftBehind } from './left-behind.ts';

/** The folders of compiled graphs, and of those that ONNX Runtime rewrote for a processor. */
export const graphFolders = { compiled: 'models', optimised: 'optimised' } as const;

export interface GraphUse {
  readonly files: number;
  readonly bytes: number;
}

interface GraphFile {
  readonly path: string;
  /** The name of the compiled graph, without its ending: an optimised one goes on behind it. */
  readonly compiled: string;
  readonly name: string;
  /** Says which weights, compiled how. */
  readonly key: string;
  /** With how many bits it calculates; empty for 32. */
  readonly bits: string;
  /** The version of ONNX Runtime, and the processor, that an optimised graph is for. */
  readonly runtime: string | undefined;
  readonly processor: string | undefined;
}

const pattern =
  /^((.+)-([0-9a-f]{16})-v\d+(?:-(int[78])-[0-9a-f]{8})?)(?:-(?:(.+)-)?([0-9a-f]{12}))?\.onnx(?:\.[^.]+\.tmp)?$/;

/** The number and size of all graphs. */
export async function graphUse(home: string): Promise<GraphUse> {
  return useOf(await graphFiles(home));
}

/**
 * Removes all graphs, or those of these names, compiled and optimised.
 *
 * @returns what was removed
 * @throws WhosinError `cannot-write`
 */
export async function removeGraphs(home: string, compiled?: readonly string[]): Promise<GraphUse> {
  const files = (await graphFiles(home)).filter(
    (file) => compiled === undefined || compiled.includes(`${file.compiled}.onnx`),
  );
  const use = await useOf(files);
  for (const { path } of files) {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw new WhosinError('cannot-write', `Cannot remove ${path}: ${reasonOf(error)}.`, { cause: error });
    });
  }
  return use;
}

/** Removes what killed processes left beside the graphs. */
export async function removeLeftGraphs(home: string): Promise<void> {
  for (const folder of Object.values(graphFolders)) await removeLeftBehind(join(home, folder));
}

/**
 * Removes what another version of whosin compiled of the same network.
 *
 * @param file the graph that was written now
 * @param isOnlyOne no other network has its name, whatever weights it has
 */
export async function removeOldGraphs(home: string, file: string, isOnlyOne: boolean): Promise<void> {
  const now = parse(home, file);
  if (now === undefined) return;
  const { compiled, name, key, bits } = now;
  await removeQuietly(
    (await graphFiles(home)).filter(
      (old) =>
        old.name === name && (isOnlyOne || old.key === key) && old.bits === bits && old.compiled !== compiled,
    ),
  );
}

/** Removes what another version of ONNX Runtime made of the same graph for the same processor. */
export async function removeOldOptimised(home: string, file: string): Promise<void> {
  const now = parse(home, file);
  if (now === undefined) return;
  const { compiled, runtime, processor } = now;
  await removeQuietly(
    (await graphFiles(home)).filter(
      (old) => old.compiled === compiled && old.processor === processor && old.runtime !== runtime,
    ),
  );
}

async function graphFiles(home: string): Promise<readonly GraphFile[]> {
  const folders = Object.values(graphFolders).map(async (name) => {
    const folder = join(home, name);
    const entries = await readdir(folder).catch((): string[] => []);
    return entries.flatMap((entry) => parse(folder, entry) ?? []);
  });
  return (await Promise.all(folders)).flat();
}

function parse(folder: string, entry: string): GraphFile | undefined {
  const [, compiled, name, key, bits = '', runtime, processor] = pattern.exec(entry) ?? [];
  if (compiled === undefined || name === undefined || key === undefined) return undefined;
  return { path: join(folder, entry), compiled, name, key, bits, runtime, processor };
}

/** Another process may be faster, and what stays takes up space and does no harm. */
async function removeQuietly(files: readonly GraphFile[]): Promise<void> {
  for (const { path } of files) await rm(path, { force: true }).catch(() => {});
}

async function useOf(files: readonly GraphFile[]): Promise<GraphUse> {
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
