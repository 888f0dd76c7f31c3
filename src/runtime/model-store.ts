/**
 * Compiled networks on disk. A network is compiled from its weights at first use and kept under a name that
 * holds the sha256 of its weights and the compiler's version, so a changed weight file or compiler never
 * meets an old graph. Two processes may compile at once: both write the same bytes, the last rename stays.
 */

import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, WhosinError } from '../errors.ts';
import type { ActivationRanges } from '../models/graph/quantise.ts';
import type { NetworkSpec, OwnFile, WeightFile } from '../models/pack.ts';
import { type PictureOutput, type PicturePack, pictureCompilerVersion } from '../models/picture-pack.ts';
import { writeFileAtomically } from './atomic-file.ts';

const require = createRequire(import.meta.url);

/** The path of the compiled network, compiling it where it is not there yet or `again` is asked for. */
export function compiledNetwork(
  spec: NetworkSpec,
  home: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<string> {
  const { weights, manifest, ranges } = spec;
  const bits = ranges ? `-int8-${ranges.sha256.slice(0, 8)}` : '';
  const key = `${weights.sha256.slice(0, 16)}-v${spec.compilerVersion}${bits}`;
  return storedNetwork(join(home, 'models', `${spec.name}-${key}.onnx`), again, async () => {
    const text = async (file: WeightFile | OwnFile): Promise<string> =>
      new TextDecoder().decode(await readVerified(file));
    const bytes = await readVerified(weights);
    const graph = await spec.compile(manifest ? await text(manifest) : '', bytes, weights.path);
    if (ranges === undefined) return graph;
    const { quantise } = await import('../models/graph/quantise.ts');
    return quantise(graph, JSON.parse(await text(ranges)) as ActivationRanges, spec.name);
  });
}

/** The path of a picture network's graph for one kind of output, compiled likewise. */
export function compiledPictureNetwork(
  pack: PicturePack,
  output: PictureOutput,
  home: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<string> {
  // By what the files hold, not by where they lie; and by what of the pack the graph follows from.
  const { graph, input, bottleneck, scores, objects } = pack;
  const files = graph.files.map((file) => file.sha256);
  const layers = [bottleneck, scores?.node, scores?.logits, scores?.labels.length, objects];
  const request = JSON.stringify([graph.format, files, input, ...layers]);
  const key = createHash('sha256').update(request).digest('hex').slice(0, 16);
  const name = `${pack.name}-${output}-${key}-v${pictureCompilerVersion}.onnx`;
  return storedNetwork(join(home, 'models', name), again, async () => {
    const { compilePicture } = await import('../models/graph/compile-picture.ts');
    return compilePicture(pack, await Promise.all(pack.graph.files.map(readVerified)), output);
  });
}

/** Of this thread: who asks for the same network meanwhile gets it too. */
const beingCompiled = new Map<string, Promise<string>>();

async function storedNetwork(
  path: string,
  again: boolean,
  compile: () => Promise<Uint8Array>,
): Promise<string> {
  if (!again && (await exists(path))) return path;
  const compileAndStore = async (): Promise<string> => {
    await writeFileAtomically(path, await compile());
    return path;
  };
  const compiled = beingCompiled.get(path) ?? compileAndStore().finally(() => beingCompiled.delete(path));
  beingCompiled.set(path, compiled);
  return compiled;
}

/** Throws `bad-weights` where the file cannot be read, or is not the one that the pack names. */
export async function readVerified(file: WeightFile | OwnFile): Promise<Uint8Array> {
  const [named, remedy] =
    'package' in file
      ? [`${file.path} of the npm package ${file.package}`, 'Install whosin again.']
      : 'own' in file
        ? [`weights/${file.own}`, 'Install whosin again.']
        : [join(file.folder, file.path), 'Pull or add the model again.'];
  let bytes: Uint8Array;
  try {
    bytes = await readFile(pathOf(file));
  } catch (error) {
    throw new WhosinError('bad-weights', `Cannot read ${named}: ${reasonOf(error)}. ${remedy}`, {
      cause: error,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) {
    throw new WhosinError(
      'bad-weights',
      `${named} has sha256 ${sha256}, expected ${file.sha256}: the file is damaged or of another version. ${remedy}`,
    );
  }
  return bytes;
}

function pathOf(file: WeightFile | OwnFile): string {
  if ('own' in file) return fileURLToPath(new URL(`../../weights/${file.own}`, import.meta.url));
  if ('folder' in file) return join(file.folder, file.path);
  // A package may hide its package.json, but not where its main file lies: in the folder of its name.
  const main = require.resolve(file.package);
  const name = join('node_modules', ...file.package.split('/'));
  return join(main.slice(0, main.lastIndexOf(name) + name.length), file.path);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
