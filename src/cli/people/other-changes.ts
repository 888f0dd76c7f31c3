/** `whosin people rename` and `whosin people remove`: the changes that take no photos. */

import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { removePerson, renamePerson } from '../../faces/people/change-people.ts';
import { loadFalseMatches } from '../../faces/people/false-match-rate.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import { facePackOfSpace } from '../../packs/face-packs.ts';
import { settingSentence } from '../../report/setting-text.ts';
import { shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, print } from '../terminal/output.ts';
import { changeModel, outputOption } from './change-model.ts';

export function renamePersonCommand(_run: Invocation): Command {
  const command = new Command('rename')
    .description('Give a person of a model another name.')
    .argument('<model>', 'the model that whosin train wrote')
    .argument('<name>', 'the name that the person has')
    .argument('<new-name>', 'the name that the person gets; nobody else of the model may have it')
    .option(...outputOption)
    .addHelpText(
      'after',
      `
Example:
  whosin people rename people.onnx Ann 'Ann Smith'`,
    )
    .action(async (file, name, other, { output }) => {
      await changeModel(file, output, (model) => ({ model: renamePerson(model, name, other) }));
      print(`${shown(name)} is called ${shown(other)} now.`);
    });
  return command as unknown as Command;
}

export function removePersonCommand(run: Invocation): Command {
  const command = new Command('remove')
    .description('Remove a person from a model: name and faces are gone from the file.')
    .argument('<model>', 'the model that whosin train wrote')
    .argument('<name>', 'exactly as in the model')
    .option(...outputOption)
    .addHelpText(
      'after',
      `
Nothing is asked: the person is gone from the file, unless -o names another one. The training report goes too, because
it has names and paths. Photos stay where they are.

Examples:
  whosin people remove people.onnx Bob
  whosin people remove people.onnx Bob -o without-bob.onnx`,
    )
    .action(async (file, name, { output }) => {
      const { model } = await changeModel(file, output, async (old) => ({
        model: removePerson(old, name, await referencePairs(old.space, run.config)),
      }));
      print(`Removed ${shown(name)}.`);
      note(err.dim(`${settingSentence(model)}.`));
    });
  return command as unknown as Command;
}

/** A person can be removed without the embedder too: the rate of strangers is unknown then. */
async function referencePairs(space: string, { packs }: Config): Promise<ReferencePairs | undefined> {
  try {
    return await loadFalseMatches(await facePackOfSpace(packs, space));
  } catch (error) {
    if (error instanceof WhosinError && error.code === 'wrong-space') return undefined;
    throw error;
  }
}
