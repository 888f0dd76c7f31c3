/** `whosin regions`: the names that photos carry. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { readRegions } from '../../faces/regions/photo-regions.ts';
import { regionsJson } from '../../report/regions-json.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, isOutputClosed, note, print } from '../terminal/output.ts';
import { inOrder, listPhotos, readGiven } from '../terminal/photo-arguments.ts';
import { sayRegions } from './regions-text.ts';

export function regionsCommand(run: Invocation): Command {
  const command = new Command('regions')
    .description(
      'Show the names that photos carry already, where in the photo, and which program wrote them.',
    )
    .argument('<photos...>', 'photos, folders, globs, or - for standard input: a photo, or paths')
    .option('--json', 'print one JSON object for each photo (JSON Lines)')
    .addHelpText(
      'after',
      `
Reads face regions of the Metadata Working Group (digiKam, Lightroom, Picasa and others), Microsoft, IPTC and Picasa's
.picasa.ini, and names without a place from fields for people and keywords. A sidecar goes before what is in the photo:
photo.jpg.xmp first, then photo.xmp. Places are reported in the upright photo. Parts that cannot be understood are
reported as unread. Nothing is written.

Examples:
  whosin regions party.jpg
  whosin regions ~/Pictures --json`,
    )
    .action(async (given, { json }) => {
      const files = await listPhotos(await readGiven(given), undefined, true);
      let [photos, failed] = [0, 0];
      for await (const { photo } of inOrder(files, (found) => readRegions(found))) {
        if (isOutputClosed()) break;
        photos++;
        if (photo.kind === 'failure') {
          failed++;
          note(`${err.red('error:')} ${shown(photo.error.message)}`);
        }
        if (json) print(JSON.stringify(regionsJson(photo)));
        else if (photo.kind === 'regions') sayRegions(photo);
      }
      if (photos === 0 && !isOutputClosed()) {
        throw new WhosinError('not-found', 'The given paths hold no photos.');
      }
      const unread = failed > 0 ? `, ${failed} could not be read` : '';
      if (photos > 1) note(err.dim(`${count(photos, 'photo')}${unread}`));
      if (failed > 0) run.done(1);
    });
  return command as unknown as Command;
}
