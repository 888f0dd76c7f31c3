/** `whosin album write`: names of confirmed faces beside photos, or into them. */

import { Command } from '@commander-js/extra-typings';
import type { Written } from '../../album/files/write-names.ts';
import type { WrittenFile } from '../../album/files/write-names-of-photo.ts';
import { writtenJson } from '../../report/album-json.ts';
import { count, shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { albumOption, withAlbum } from './open.ts';

export function writeCommand(run: Invocation): Command {
  const command = new Command('write')
    .description(
      'Write the names of confirmed faces beside the photos (XMP sidecars), for other programs to read.',
    )
    .argument('[paths...]', 'only photos in these files and folders of the album')
    .option(...albumOption)
    .option('--into-photos', 'write them into the photos themselves; takes ExifTool')
    .option('--keywords', 'put the names among the keywords too')
    .option('--keep-times', 'with --into-photos: keep the times of the files')
    .option('--dry-run', 'show each change and write nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Only faces that you confirmed are written, and faces that files name already: as regions of MWG and of Microsoft, and as
PersonInImage. A name that whosin wrote and that you took back goes again. Everything else in a file stays as it is. A second run writes nothing. A photo that gets names inside
keeps its pixels, which is checked before it takes the place of the old file.

Examples:
  whosin album write --dry-run
  whosin album write ~/Pictures/2019
  whosin album write --into-photos --keep-times`,
    )
    .action(
      async (paths, { album: where, intoPhotos, keepTimes, keywords, dryRun = false, json = false }) => {
        await withAlbum(run, { album: where }, async (album) => {
          const bar = progressBar('Writing');
          const written = await untilInterrupted((signal) =>
            album.write({
              ...(paths.length > 0 && { paths }),
              ...(intoPhotos && { intoPhotos }),
              ...(keepTimes && { keepTimes }),
              ...(keywords && { keywords }),
              dryRun,
              signal,
              onProgress: (done, total) => bar.update(done, Math.max(1, total)),
            }),
          ).finally(() => bar.stop());
          sayWritten(run, written, { dryRun, json });
        });
      },
    );
  return command as unknown as Command;
}

/** Prints which files were written, or would be. */
export function sayWritten(
  run: Invocation,
  written: Written,
  { dryRun, json }: { readonly dryRun: boolean; readonly json: boolean },
): void {
  for (const { error } of written.failed) note(`${err.red('error:')} ${shown(error.message)}`);
  if (json) print(JSON.stringify(writtenJson(written, dryRun)));
  else {
    if (dryRun) for (const file of written.files) sayChanges(file);
    const files = new Set(written.files.map(({ file }) => file)).size;
    print(
      `${count(files, 'file')} ${dryRun ? 'would be written' : 'written'}, ${count(written.unchanged, 'photo')} had their names already.`,
    );
  }
  if (written.failed.length > 0) run.done(1);
}

function sayChanges({ file, changes }: WrittenFile): void {
  print(out.bold(shown(file)));
  for (const { name, was } of changes) {
    if (name === null) print(`  ${out.red(`- ${shown(was!)}`)}`);
    else if (was === undefined || was === null) print(`  ${out.green(`+ ${shown(name)}`)}`);
    else if (was === name) print(`  ${shown(name)}  ${out.dim('in another form too')}`);
    else print(`  ${out.yellow(`${shown(was)} → ${shown(name)}`)}`);
  }
}
