/** `whosin collect remove`: photos leave a set, by file or by where they come from. */

import { Command } from '@commander-js/extra-typings';
import { remove } from '../../collect/overrule.ts';
import { checkFolder, closing, openSet } from '../../collect/photo-set.ts';
import { WhosinError } from '../../errors.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { print } from '../terminal/output.ts';
import { noteWaiting, openHashes } from './options.ts';

export function removeCommand(run: Invocation): Command {
  const command = new Command('remove')
    .description('Take photos out of a set: they move to rejected/removed/, and are not fetched again.')
    .argument('<folder>', 'the folder that whosin collect made')
    .argument('[files...]', 'photos in it')
    .option('--source <name>', 'photos of this source, such as openverse')
    .option('--host <name>', 'photos whose file or page is on this host')
    .option('--author <name>', 'photos of this author, exactly as in provenance.jsonl')
    .option('--address <address>', 'the photo of this file or page')
    .option('--json', 'print the paths as one JSON object')
    .addHelpText(
      'after',
      `
If several are given, all must fit.

Examples:
  whosin collect remove training_dataset training_dataset/Ann/4f2a….jpg
  whosin collect remove training_dataset --source openverse
  whosin collect remove training_dataset --host live.staticflickr.com --author 'Jane Doe'`,
    )
    .action(async (folder, files, { json, ...filters }) => {
      if (files.length === 0 && Object.keys(filters).length === 0) {
        throw new WhosinError(
          'usage',
          'Name the photos to remove: files, --source, --host, --author or --address.',
        );
      }
      await checkFolder(folder);
      const set = await openSet(folder, {
        now: Date.now,
        onWait: noteWaiting,
        hashes: openHashes(run.config),
      });
      const removed = await closing(set, remove(set, { files, ...filters }));
      if (json) print(JSON.stringify({ schema: 1, folder, removed }));
      else {
        for (const path of removed) print(shown(path));
        print(`${count(removed.length, 'photo')} moved to rejected/removed/.`);
      }
      if (removed.length === 0) run.done(1);
    });
  return command as unknown as Command;
}
