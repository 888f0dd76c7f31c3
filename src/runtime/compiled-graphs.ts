/**
 * Compiled graphs on disk. A network is compiled from its weights at first use and kept under a name that holds what
 * it follows from, so changed weights or a changed compiler never meet an old graph. Two processes may compile at once:
 * both write the same bytes, the last rename stays. If no file can be written, the graph stays in memory.
 */

import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NetworkConfig, WeightBits } from '../config.ts';
import { reasonOf } from '../errors.ts';
import { compile } from '../models/compilers.ts';
import type { ActivationRanges } from '../models/graph/quantise.ts';
import type { GraphSpec } from '../models/network.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { graphFolders, removeOldGraphs } from './graph-files.ts';
import { removeLeftBehind } from './left-behind.ts';
import { weightBitsHere } from './processor.ts';
import { nameOf, readVerified } from './weight-files.ts';

/** The path of a graph's file, or its bytes where no file of it could be kept. */
export type CompiledGraph = string | Uint8Array;

/** Compiles the graph where it is not there yet, or `again` is asked for. Throws as `compile` does. */
export async function compiledGraph(
  spec: GraphSpec,
  { home, weightBits, onNotKept }: Pick<NetworkConfig, 'home' | 'weightBits' | 'onNotKept'>,
  { again = false }: { readonly again?: boolean } = {},
): Promise<CompiledGraph> {
  const file = graphFile(spec, await weightBitsHere(weightBits));
  const path = join(home, graphFolders.compiled, file);
  await removeLeftBehind(dirname(path));
  const there = inMemory.get(path) ?? ((await exists(path)) ? path : undefined);
  if (there !== undefined && !again) return there;
  const compileAndKeep = async (): Promise<CompiledGraph> => {
    const bytes = await compileOnce(spec, { weightBits });
    try {
      await writeFileAtomically(path, bytes);
    } catch (error) {
      inMemory.set(path, bytes);
      onNotKept?.(reasonOf(error));
      return bytes;
    }
    await removeOldGraphs(
      home,
      file,
      spec.files.every((own) => 'package' in own),
    );
    return path;
  };
  const graph = beingCompiled.get(path) ?? compileAndKeep().finally(() => beingCompiled.delete(path));
  beingCompiled.set(path, graph);
  return graph;
}

/** The graphs that this thread compiles now: who asks for one meanwhile gets it too. */
const beingCompiled = new Map<string, Promise<CompiledGraph>>();

/** By the path of the file that could not be written. */
const inMemory = new Map<string, Uint8Array>();

/** The graphs to give to another thread, because they could not be stored and it would compile them again. */
export function graphsInMemory(): ReadonlyMap<string, Uint8Array> {
  return inMemory;
}

export function keepInMemory(graphs: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of graphs) inMemory.set(path, bytes);
}

/** The files that a network may be compiled into, on one processor or another. */
export function graphFilesOf(spec: GraphSpec): readonly string[] {
  return spec.ranges ? [graphFile(spec, 8), graphFile(spec, 7)] : [graphFile(spec, 8)];
}

/** By what the files hold, not by where they lie. */
function graphFile({ name, files, compiler, ranges }: GraphSpec, weightBits: WeightBits): string {
  const request = JSON.stringify([files.map(({ sha256 }) => sha256), compiler.name, compiler.settings]);
  const key = createHash('sha256').update(request).digest('hex').slice(0, 16);
  const bits = ranges ? `-int${weightBits}-${ranges.sha256.slice(0, 8)}` : '';
  return `${name}-${key}-v${compiler.version}${bits}.onnx`;
}

/** The graph's bytes, of which nothing is kept. Throws as `compile` does. */
export async function compileOnce(
  { name, files, compiler, ranges }: GraphSpec,
  { weightBits }: { readonly weightBits?: WeightBits | undefined },
): Promise<Uint8Array> {
  const graph = await compile(compiler, await Promise.all(files.map(readVerified)), nameOf(files[0]!));
  if (ranges === undefined) return graph;
  const { quantise } = await import('../models/graph/quantise.ts');
  const seen = new TextDecoder().decode(await readVerified(ranges));
  return quantise(graph, JSON.parse(seen) as ActivationRanges, name, await weightBitsHere(weightBits));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
