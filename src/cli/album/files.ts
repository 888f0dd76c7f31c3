/** `whosin album backup`, `restore`, `forget` and `check`: the album and other files. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

export function backupCommand(run: Invocation): Command {
  const command = new Command('backup')
    .description('Write all your answers to a text file, for another computer or another model.')
    .argument('<file>', 'such as said.jsonl')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .action(async (file, { album: where, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const entries = await album.backup(file);
        if (json) return print(JSON.stringify({ schema: 1, file, entries }));
        print(`${shown(file)}: ${count(entries, 'entry', 'entries')}.`);
      });
    });
  return command as unknown as Command;
}

export function restoreCommand(run: Invocation): Command {
  const command = new Command('restore')
    .description('Read your answers from a backup. Answers that the album has already are passed over.')
    .argument('<file>')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Answers about photos that are not in the album yet wait for these photos.

Examples:
  whosin album restore said.jsonl
  whosin album add ~/Pictures`,
    )
    .action(async (file, { album: where, json = false }) => {
      await withAlbum(run, { album: where, create: true }, async (album) => {
        const restored = await album.restore(file);
        if (json) return print(JSON.stringify({ schema: 1, ...restored }));
        const { entries, known, photosMissing } = restored;
        print(`${count(entries, 'entry', 'entries')} read${known > 0 ? `, ${known} known already` : ''}.`);
        if (photosMissing > 0) {
          print(`${count(photosMissing, 'photo')} that they are about are not in the album yet: add them.`);
        }
      });
    });
  return command as unknown as Command;
}

export function forgetCommand(run: Invocation): Command {
  const command = new Command('forget')
    .description('Take photos out of the album: those whose files are gone, or those that you name.')
    .argument('[paths...]', 'files and folders; the files themselves are not touched')
    .option(...albumOption)
    .option('--gone', 'all files that are no longer there')
    .option('--said', 'forget your answers about them too, for ever')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Without --said, your answers wait for the photos to come back.

Examples:
  whosin album forget --gone
  whosin album forget ~/Pictures/party --said`,
    )
    .action(async (paths, { album: where, gone = false, said = false, json = false }) => {
      if (gone === paths.length > 0) throw new WhosinError('usage', 'Name files or folders, or give --gone.');
      await withAlbum(run, { album: where }, async (album) => {
        const forgotten = await album.forget(gone ? 'gone' : paths, { said });
        if (json) return print(JSON.stringify({ schema: 1, ...forgotten }));
        const { files, photos, faces } = forgotten;
        print(`${count(files, 'file')}, ${count(photos, 'photo')} and ${count(faces, 'face')} forgotten.`);
      });
    });
  return command as unknown as Command;
}

export function checkCommand(run: Invocation): Command {
  const command = new Command('check')
    .description('Check whether the file of the album is whole.')
    .option(...albumOption)
    .option('--rebuild', 'make people, groups and names anew from the photos and from what was said')
    .option('--json', 'print one JSON object')
    .action(async ({ album: where, rebuild = false, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        if (rebuild) await album.rebuild();
        const problems = await album.check();
        if (json)
          print(JSON.stringify({ schema: 1, album: album.place, whole: problems.length === 0, problems }));
        else if (problems.length === 0) print(`${out.green('whole')}  ${shown(album.place)}`);
        for (const problem of json ? [] : problems) note(`${err.red('error:')} ${shown(problem)}`);
        if (problems.length > 0) run.done(1);
      });
    });
  return command;
}
