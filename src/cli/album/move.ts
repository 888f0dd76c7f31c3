/** `whosin album move`: the album in another file, or in a database. */

import { Command } from '@commander-js/extra-typings';
import { count, shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { note, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { albumOption, withAlbum } from './open.ts';

export function moveCommand(run: Invocation): Command {
  const command = new Command('move')
    .description(
      'Write the whole album into another file, or into a PostgreSQL database that many machines share.',
    )
    .argument('<to>', 'a name, the path of a file, or postgres://user@host/database')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
All photos, faces, names and answers are there afterwards, with the same numbers. The old album stays as it is.
A password stands in PGPASSWORD or in ~/.pgpass. One database holds several albums with ?album=NAME.

Examples:
  whosin album move postgres://whosin@db.example.org/photos
  whosin album move "postgres://whosin@db.example.org/photos?album=family" --album family
  whosin album move ./family.db --album postgres://whosin@db.example.org/photos`,
    )
    .action(async (to, { album: where, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const bar = progressBar('Writing rows');
        const moved = await untilInterrupted((signal) =>
          album.move(to, { signal, onProgress: ({ done, total }) => bar.update(done, total) }),
        ).finally(() => bar.stop());
        if (json)
          return print(JSON.stringify({ schema: 1, from: album.place, to: moved.place, rows: moved.rows }));
        print(`${shown(moved.place)}: ${count(moved.rows, 'row')}.`);
        note(
          `The old album is still there: ${shown(album.place)}. Remove it when you have looked at the new one.`,
        );
      });
    });
  return command as unknown as Command;
}
