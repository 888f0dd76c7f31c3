/** `whosin models`: which models there are, and how to get more. */

import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.ts';
import { nearNames } from '../core/near-names.ts';
import { WhosinError } from '../errors.ts';
import { type PullablePack, pullablePacks } from '../models/tensorflow-packs.ts';
import { findFaceEmbedder, verifyFaceEmbedder } from '../runtime/face-pack-store.ts';
import {
  builtInPacks,
  checkPackName,
  findPack,
  packNames,
  removePack,
  verifyPack,
  withPackLock,
} from '../runtime/pack-store.ts';
import type { Pulled } from '../runtime/pull-pack.ts';
import { modelsAddCommand } from './models-add.ts';
import { listModels } from './models-list.ts';
import { count, err, note, out, print, progressBar, shown } from './output.ts';

export function modelsCommand(done: (status: number) => void): Command {
  const command = new Command('models').description(
    'List, fetch, check, add and remove models for whole pictures, and embedders of faces.',
  );
  command
    .command('list')
    .description('every model: what comes with whosin, what is here, what can be fetched')
    .option('--json', 'print one JSON object')
    .action(({ json = false }) => listModels(json));
  command
    .command('pull')
    .description('fetch a model from where its makers keep it, or go on with an interrupted transfer')
    .argument('<name>', 'a name from whosin models list')
    .option('--from <address>', 'another place that has the same archive')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured. Ctrl-C stops; the same command goes on where it was.

Examples:
  whosin models pull inception-v3
  whosin models pull mobilenet_1.0_224 --from https://mirror.example.org/mobilenet_v1_1.0_224_frozen.tgz`,
    )
    .action((name, { from, json = false }) => pull(name, from, json));
  command
    .command('verify')
    .description('hold the files of a model, or of all, to the sums that they were pulled or added with')
    .argument('[name]')
    .option('--json', 'print one JSON object')
    .action(async (name, { json = false }) => {
      if (!(await verify(name, json))) done(1);
    });
  command.addCommand(modelsAddCommand());
  command
    .command('remove')
    .description('remove a model that was pulled or added')
    .argument('<name>')
    .action(async (name) => {
      checkPackName(name);
      const { packs } = readConfig();
      await withPackLock(packs, name, waiting(name), () => removePack(packs, name));
      print(`Removed ${name}.`);
    });
  return command;
}

async function pull(name: string, from: string | undefined, json: boolean): Promise<void> {
  const wanted = pullable(name);
  // What fetches takes a tenth of a second to load, which no other command should wait for.
  const { pullPack } = await import('../runtime/pull-pack.ts');
  const bar = progressBar(`Fetching ${name}`, megabytes);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const pulled = await pullPack(readConfig().packs, wanted, {
      ...(from !== undefined && { from }),
      signal: stop.signal,
      onWait: waiting(name),
      onProgress: (bytes, total) => {
        if (total !== undefined) bar.update(bytes, total);
      },
    });
    bar.stop();
    if (json) print(JSON.stringify(pulledJson(pulled)));
    else sayPulled(wanted, pulled, from);
  } finally {
    bar.stop();
    process.removeListener('SIGINT', onInterrupt);
  }
}

function pullable(name: string): PullablePack {
  const found = pullablePacks.find((pack) => pack.name === name);
  if (found) return found;
  if (builtInPacks.some((pack) => pack.name === name)) {
    throw new WhosinError('usage', `${name} comes with whosin: there is nothing to fetch.`);
  }
  const near = nearNames(
    name,
    pullablePacks.map((pack) => pack.name),
    3,
  );
  throw new WhosinError(
    'not-found',
    `whosin knows no place of a model "${name}". Near it: ${near.join(', ')}.`,
  );
}

function waiting(name: string): () => void {
  return () => note(`Another whosin is at work on ${name}: waiting for it.`);
}

function sayPulled(
  { name, archive }: PullablePack,
  { already, trust, archiveSha256, pack }: Pulled,
  from = archive.address,
): void {
  if (already) return print(`${name} is here already, and its files are right.`);
  print(`Fetched ${out.bold(name)} from ${shown(from)}.`);
  print(`  sha256  ${archiveSha256}`);
  const how = {
    known: 'the sum that whosin knows of it',
    recorded: 'the same as when it was first pulled here',
    first: 'nobody has published its sum: this one is written down, and every later pull is held to it',
  } as const;
  print(`  trust   ${how[trust!]}`);
  print(`  licence ${pack.licence}`);
}

function pulledJson({ pack, already, trust, archiveSha256 }: Pulled): object {
  return { schema: 1, name: pack.name, already, ...(!already && { sha256: archiveSha256, trust }) };
}

async function verify(name: string | undefined, json: boolean): Promise<boolean> {
  const { packs } = readConfig();
  if (name !== undefined) checkPackName(name);
  const all = [...builtInPacks.map((pack) => pack.name), ...(await packNames(packs))];
  const names = name === undefined ? all : [name];
  const results: { readonly name: string; readonly problem?: string }[] = [];
  for (const each of names) results.push({ name: each, ...(await problemOf(packs, each)) });
  const bad = results.filter(({ problem }) => problem !== undefined);
  if (json)
    print(
      JSON.stringify({
        schema: 1,
        models: results.map((r) => ({
          name: r.name,
          right: r.problem === undefined,
          ...(r.problem !== undefined && { problem: r.problem }),
        })),
      }),
    );
  else {
    for (const { name: each, problem } of results) {
      print(
        problem === undefined
          ? `${out.green('right')}  ${shown(each)}`
          : `${out.red('wrong')}  ${shown(each)}`,
      );
      if (problem !== undefined) note(`${err.red('error:')} ${shown(problem)}`);
    }
    note(err.dim(`${count(results.length, 'model')}, ${bad.length} wrong`));
  }
  return bad.length === 0;
}

async function problemOf(packs: string, name: string): Promise<{ readonly problem?: string }> {
  try {
    const faces = await findFaceEmbedder(packs, name);
    if (faces) {
      await verifyFaceEmbedder(faces);
      return {};
    }
    const pack = await findPack(packs, name);
    if (pack === undefined)
      throw new WhosinError('not-found', `There is no model "${name}" here (whosin models list).`);
    await verifyPack(pack);
    return {};
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return { problem: error.message };
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
