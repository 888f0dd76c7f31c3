/** `whosin people`: who is in a model, and its changes without the photos that it was trained on. */

import { Command } from '@commander-js/extra-typings';
import { loadPeopleModel } from '../../faces/people/people-model.ts';
import { settingSentence } from '../../report/setting-text.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, print } from '../terminal/output.ts';
import { addPersonCommand } from './add-person.ts';
import { removePersonCommand, renamePersonCommand } from './other-changes.ts';

export function peopleCommand(run: Invocation): Command {
  const command = new Command('people')
    .description('List the people of a model; add, rename or remove one without the photos of the others.')
    .argument('<model>', 'the model that whosin train wrote')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A change leaves the answers about the other people as they are. To measure the changed model: whosin evaluate.
A model in a file called add, rename or remove is listed as ./add.

Examples:
  whosin people people.onnx
  whosin people add people.onnx Ann ann-1.jpg ann-2.jpg
  whosin people rename people.onnx Ann 'Ann Smith'
  whosin people remove people.onnx Bob -o without-bob.onnx`,
    )
    .action(async (file, { json = false }) => {
      const model = await loadPeopleModel(file);
      const people = model.people.map((name, index) => ({
        name,
        photos: model.gallery.filter(({ person }) => person === index).length,
      }));
      if (json) return print(JSON.stringify({ schema: 1, model: file, space: model.space, people }));
      for (const { name, photos } of people)
        print(`${shown(name).padEnd(30)} ${String(photos).padStart(5)} ${photos === 1 ? 'photo' : 'photos'}`);
      const total = count(people.length, 'person', 'people');
      note(err.dim(`${total}, ${count(model.gallery.length, 'photo')}. ${settingSentence(model)}.`));
    });
  for (const sub of [addPersonCommand(run), renamePersonCommand(run), removePersonCommand(run)])
    command.addCommand(sub.copyInheritedSettings(command));
  return command as unknown as Command;
}
