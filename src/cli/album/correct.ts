/** `whosin album correct`: a person corrects mistakes of the album. */

import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { Correction } from '../../album/said/correct.ts';
import type { Box } from '../../core/geometry.ts';
import { logLine } from '../../report/album-words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

const facesHelp =
  'a photo (party.jpg), a face of it from the left (party.jpg#2), or a group by its number (3)';

const dateHelp = 'such as 2015-03-02, 2015-03 or 2015; or unknown';

const boxHelp = 'left, top, width and height, as parts of the upright photo: 0.4,0.2,0.1,0.15';

function boxOf(text: string): Box<'ratio'> {
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [left, top, width, height] = parts;
  if (parts.length !== 4 || !parts.every(Number.isFinite))
    throw new InvalidArgumentError('A box is left,top,width,height, as in 0.4,0.2,0.1,0.15.');
  return { left: left!, top: top!, width: width!, height: height! };
}

export function correctCommand(run: Invocation): Command {
  const command = new Command('correct').description(
    'Correct mistakes of the album: is, is-not, not-a-face, stranger, same, different, split, draw, box, cover, merge, rename, born, died, hide.',
  );
  const action = async (
    correction: Correction,
    { album: where, json = false }: { readonly album?: string; readonly json?: boolean | undefined },
  ): Promise<void> => {
    await withAlbum(run, where === undefined ? {} : { album: where }, async (album) => {
      const said = await album.correct(correction);
      if (json) return print(JSON.stringify({ schema: 1, said }));
      const [entry] = await album.log({ limit: 1, before: Math.max(...said) + 1 });
      if (entry) print(logLine(entry));
      note(err.dim(`Take it back with: whosin album undo ${said.join(' ')}`));
    });
  };
  const sub = (name: string, description: string) =>
    new Command(name)
      .description(description)
      .option(...albumOption)
      .option('--json', 'print one JSON object');

  const subs = [
    sub('is', 'these faces are this person')
      .argument('<person>')
      .argument('<faces...>', facesHelp)
      .action((person, faces, options) => action({ kind: 'is', person, faces }, options)),
    sub('is-not', 'these faces are not this person; it will not be suggested again')
      .argument('<person>')
      .argument('<faces...>', facesHelp)
      .action((person, faces, options) => action({ kind: 'is-not', person, faces }, options)),
    sub('not-a-face', 'there is no face')
      .argument('<faces...>', facesHelp)
      .action((faces, options) => action({ kind: 'not-a-face', faces }, options)),
    sub('stranger', 'nobody has to know who that is; it is not asked about again')
      .argument('<faces...>', facesHelp)
      .action((faces, options) => action({ kind: 'stranger', faces }, options)),
    sub('same', 'all of these are one person')
      .argument('<faces...>', facesHelp)
      .action((faces, options) => action({ kind: 'same', faces }, options)),
    sub('different', 'each of these is somebody else')
      .argument('<faces...>', facesHelp)
      .action((faces, options) => action({ kind: 'different', faces }, options)),
    sub('split', 'a person or group is several people: one face of each; the first one keeps the name')
      .argument('<from>', 'a person, or a group by its number')
      .argument('<seeds...>', facesHelp)
      .action((from, seeds, options) => action({ kind: 'split', from, seeds }, options)),
    sub('collage', 'a photo may show a person more than once: a mirror, a collage')
      .argument('<photos...>')
      .action((photos, options) => action({ kind: 'collage', photos }, options)),
    sub('draw', 'a face that was missed is this person')
      .argument('<person>')
      .argument('<photo>')
      .argument('<box>', boxHelp, boxOf)
      .action((person, photo, box, options) => action({ kind: 'draw', person, photo, box }, options)),
    sub('box', 'a face lies there')
      .argument('<face>', facesHelp)
      .argument('<box>', boxHelp, boxOf)
      .action((face, box, options) => action({ kind: 'box', face, box }, options)),
    sub('cover', 'this face shows the person in lists')
      .argument('<person>')
      .argument('<face>', facesHelp)
      .action((person, face, options) => action({ kind: 'cover', person, face }, options)),
    sub('merge', 'two people are one')
      .argument('<person>')
      .argument('<into>', 'the name that stays')
      .action((person, into, options) => action({ kind: 'merge', person, into }, options)),
    sub('rename', 'give a person another name')
      .argument('<person>')
      .argument('<name>')
      .action((person, name, options) => action({ kind: 'rename', person, name }, options)),
    sub('born', 'tell when a person was born: they are not in photos from before')
      .argument('<person>')
      .argument('<date>', dateHelp)
      .action((person, date, options) => action({ kind: 'born', person, date }, options)),
    sub('died', 'tell when a person died: in later photos their name is asked about')
      .argument('<person>')
      .argument('<date>', dateHelp)
      .action((person, date, options) => action({ kind: 'died', person, date }, options)),
    sub('hide', 'leave a person out of lists')
      .argument('<person>')
      .action((person, options) => action({ kind: 'hide', person }, options)),
    sub('show', 'take a hidden person back')
      .argument('<person>')
      .action((person, options) => action({ kind: 'show', person }, options)),
  ];
  for (const one of subs) command.addCommand(one);
  command.addHelpText(
    'after',
    `
whosin album undo takes any of them back.

Examples:
  whosin album correct is Ann party.jpg#2
  whosin album correct is-not Ann party.jpg
  whosin album correct stranger 12 14
  whosin album correct split 3 a.jpg b.jpg
  whosin album correct draw Ann party.jpg 0.4,0.2,0.1,0.15
  whosin album correct merge "Annie" "Ann"
  whosin album correct born Ann 2015-03-02`,
  );
  return command;
}
