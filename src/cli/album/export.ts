/** `whosin album export`: the people of an album for other programs. */

import { Command } from '@commander-js/extra-typings';
import { csvHead, csvRows } from '../../album/files/faces-csv.ts';
import type { Album } from '../../album/open-album.ts';
import { WhosinError } from '../../errors.ts';
import { albumPhotoJson } from '../../report/album-json.ts';
import { count, shown } from '../../report/words.ts';
import { checkWritable } from '../../runtime/atomic-file.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { isOutputClosed, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';
import { sayWritten } from './write.ts';

export function exportCommand(run: Invocation): Command {
  const command = new Command('export')
    .description('Write a model of the people, or who is in which photo, for other programs.')
    .argument('[paths...]', 'the file to write; with --picasa: files and folders of the album')
    .option(...albumOption)
    .option('--csv', 'a table: one row for each face with a name; to standard output if no file is given')
    .option('--picasa', 'into .picasa.ini beside the photos; everything else in these files stays')
    .option('--dry-run', 'with --picasa: show each change and write nothing')
    .option(
      '--json',
      'print one JSON object about the file that was written; alone: one for each photo (JSON Lines)',
    )
    .addHelpText(
      'after',
      `
A file alone is a model for whosin identify, made of the faces that you confirmed. The table holds confirmed and
automatic names; places are in pixels of the upright photo. A name that begins as a formula does gets an apostrophe.
--json alone prints photos with all their faces. Picasa's lists get confirmed names.

Examples:
  whosin album export people.onnx
  whosin album export faces.csv --csv
  whosin album export --json | jq -r '.files[0]'
  whosin album export --picasa --dry-run
  whosin album export --picasa ~/Pictures/2019`,
    )
    .action(async (paths, { album: where, csv = false, picasa = false, dryRun = false, json = false }) => {
      const [file, more] = paths;
      if (csv && picasa) throw new WhosinError('usage', 'Give either --csv or --picasa.');
      if (dryRun && !picasa) throw new WhosinError('usage', '--dry-run needs --picasa.');
      if (more !== undefined && !picasa) throw new WhosinError('usage', 'Give one file to write.');
      if (file === undefined && !csv && !picasa && !json)
        throw new WhosinError('usage', 'Give a file such as people.onnx, or --csv, --json or --picasa.');
      if (file === undefined && csv && json)
        throw new WhosinError('usage', 'Give either --csv or --json, or a file to write.');
      if (file !== undefined && !picasa) await checkWritable(file);
      await withAlbum(run, { album: where }, async (album) => {
        if (picasa) {
          const chosen = paths.length > 0 ? { paths } : {};
          const written = await untilInterrupted((signal) =>
            album.exportPicasa({ ...chosen, dryRun, signal }),
          );
          sayWritten(run, written, { dryRun, json });
        } else if (file === undefined) await printPhotos(album, csv);
        else if (csv) {
          const faces = await album.exportCsv(file);
          if (json) print(JSON.stringify({ schema: 1, file, faces }));
          else print(`${shown(file)}: ${count(faces, 'face')}.`);
        } else {
          const exported = await album.export(file);
          if (json) return print(JSON.stringify({ schema: 1, file, ...exported }));
          print(
            `${shown(file)}: ${count(exported.people, 'person', 'people')}, ${count(exported.faces, 'confirmed face')}.`,
          );
        }
      });
    });
  return command as unknown as Command;
}

async function printPhotos(album: Album, csv: boolean): Promise<void> {
  // The end of a row of a table has two signs.
  if (csv) print(`${csvHead}\r`);
  for await (const photo of album.photos()) {
    if (isOutputClosed()) return;
    if (csv) for (const row of csvRows(photo)) print(`${row}\r`);
    else print(JSON.stringify(albumPhotoJson(photo)));
  }
}
