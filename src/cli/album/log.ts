/** `whosin album log` and `whosin album undo`: what was said, and taking it back. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { logJson } from '../../report/album-json.ts';
import { logLine } from '../../report/album-words.ts';
import { count } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

export function logCommand(run: Invocation): Command {
  const command = new Command('log')
    .description('List your answers, the newest first, with the numbers to take them back by.')
    .option(...albumOption)
    .option('--limit <n>', 'entries to list', wholeNumber(1), 20)
    .option('--before <number>', 'only those before this one', wholeNumber(1))
    .option('--json', 'print one JSON object')
    .action(async ({ album: where, limit, before, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const entries = await album.log({ limit, ...(before !== undefined && { before }) });
        if (json) return print(JSON.stringify(logJson(entries)));
        for (const entry of entries) print(entry.undone ? out.dim(logLine(entry)) : logLine(entry));
        if (entries.length === 0) note(err.dim('There are no answers yet.'));
      });
    });
  return command;
}

export function undoCommand(run: Invocation): Command {
  const command = new Command('undo')
    .description('Take back your last answer, or any answers, in any order.')
    .argument('[numbers...]', 'numbers of whosin album log; without any, the last answer')
    .option(...albumOption)
    .option('--names-from-files', 'take back, as one, all names that were read from photos and sidecars')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
To take back an undo, undo its number.

Examples:
  whosin album undo
  whosin album log
  whosin album undo 12 17`,
    )
    .action(async (given, { album: where, namesFromFiles = false, json = false }) => {
      if (namesFromFiles && given.length > 0)
        throw new WhosinError('usage', 'Give numbers, or --names-from-files.');
      const read = wholeNumber(1);
      const numbers = given.map((text) => read(text.replace(/^#/, '')));
      await withAlbum(run, { album: where }, async (album) => {
        const undone = namesFromFiles ? await album.undoNamesFromFiles() : await album.undo(...numbers);
        if (json) return print(JSON.stringify({ schema: 1, undone }));
        if (namesFromFiles) return print(`${count(undone.length, 'name')} from files taken back.`);
        const wanted = new Set(undone);
        const entries = await album.log({ limit: undone.length, before: Math.max(...undone) + 1 });
        for (const entry of entries.filter(({ number }) => wanted.has(number))) print(logLine(entry));
      });
    });
  return command as unknown as Command;
}
