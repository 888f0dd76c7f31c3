/** `whosin album`: photos and the people in them, without a folder for each. Alone it prints counts of photos, faces and people. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { statusJson } from '../../report/album-json.ts';
import { statusLine, statusRemarks } from '../../report/album-words.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { out, print } from '../terminal/output.ts';
import { addCommand, watchCommand } from './add.ts';
import { correctCommand } from './correct.ts';
import { exportCommand } from './export.ts';
import { backupCommand, checkCommand, forgetCommand, restoreCommand } from './files.ts';
import { findCommand } from './find.ts';
import { groupsCommand, nameCommand } from './groups.ts';
import { logCommand, undoCommand } from './log.ts';
import { moveCommand } from './move.ts';
import { albumOption, withAlbum } from './open.ts';
import { reviewCommand } from './review.ts';
import { usersCommand } from './users.ts';
import { writeCommand } from './write.ts';

export function albumCommand(run: Invocation): Command {
  const command = new Command('album')
    .description('Name the people in all your photos without making folders, and find them.')
    .usage('[options] [command]')
    .argument('[words...]')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  whosin album add ~/Pictures                     read photos and videos; you may stop it and go on later
  whosin album                                    counts of photos, faces and people
  whosin album groups --page groups.html          faces without a name, in groups
  whosin album name 3 "Grandma"
  whosin album review                             answer the questions that settle most
  whosin album find "Grandma and Ann, not Bob, 2019"

An album is one file, $XDG_DATA_HOME/whosin/albums/<name>/album.db, or lies in a PostgreSQL database. It stores your answers, and whosin never
changes them by itself. It only reads your photos; album write and album export --picasa alone write to their folders.`,
    )
    .action(async ([word], { album: where, json = false }) => {
      if (word !== undefined) {
        throw new WhosinError('usage', `There is no command \`whosin album ${word}\` (whosin album --help).`);
      }
      await withAlbum(run, { album: where }, async (album) => {
        const status = await album.status();
        if (json) return print(JSON.stringify(statusJson(status)));
        print(statusLine(status));
        for (const { shown: name, hidden, confirmed, automatic, photos } of status.people.slice(
          0,
          mostPeople,
        )) {
          const by = automatic > 0 ? `, ${automatic} of them automatic` : '';
          print(
            `  ${out.green(shown(name).padEnd(28))} ${count(confirmed + automatic, 'face')} in ${count(photos, 'photo')}${by}${hidden ? ', hidden' : ''}`,
          );
        }
        if (status.people.length > mostPeople) print(`  and ${status.people.length - mostPeople} more`);
        for (const remark of statusRemarks(status)) print(out.dim(remark));
      });
    });
  for (const make of subcommands) command.addCommand(make(run));
  return command as unknown as Command;
}

const subcommands: readonly ((run: Invocation) => Command)[] = [
  addCommand,
  groupsCommand,
  nameCommand,
  reviewCommand,
  findCommand,
  correctCommand,
  undoCommand,
  logCommand,
  watchCommand,
  writeCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  moveCommand,
  usersCommand,
  forgetCommand,
  checkCommand,
];

const mostPeople = 50;
