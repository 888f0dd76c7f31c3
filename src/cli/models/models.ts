/** `whosin models`: which models there are, and how to get more. */

import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { builtInPacks, checkPackName, findPack, packNames, verifyPack } from '../../packs/pack-store.ts';
import { count, fileSize, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { modelsAddCommand } from './add.ts';
import { modelsInspectCommand } from './inspect.ts';
import { listModels } from './list.ts';
import { modelsPullCommand, waiting } from './pull.ts';

export function modelsCommand(run: Invocation): Command {
  const command = new Command('models').description(
    'List, fetch, check, add and remove models for whole pictures, and embedders and detectors of faces.',
  );
  command
    .command('list')
    .description(
      'List every model: those that come with whosin, those that are here, those that can be fetched.',
    )
    .option('--json', 'print one JSON object')
    .action(({ json = false }) => listModels(json, run.config));
  command.addCommand(modelsPullCommand(run));
  command
    .command('verify')
    .description(
      'Check the files of a model, or of all models, by the sums that were stored when they were pulled or added.',
    )
    .argument('[name]')
    .option('--json', 'print one JSON object')
    .action(async (name, { json = false }) => {
      if (!(await verify(name, json, run.config))) run.done(1);
    });
  command.addCommand(modelsAddCommand(run));
  command.addCommand(modelsInspectCommand(run));
  command
    .command('remove')
    .description('Remove a model that was pulled or added.')
    .argument('<name>')
    .action(async (name) => {
      const { removePack } = await import('../../packs/install-pack.ts');
      const { files, bytes } = await removePack(run.config, name, waiting(name));
      print(`Removed ${name}: ${count(files, 'file')}, ${fileSize(bytes)}.`);
    });
  return command;
}

async function verify(name: string | undefined, json: boolean, { packs }: Config): Promise<boolean> {
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
