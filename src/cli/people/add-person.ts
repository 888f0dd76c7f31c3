/** `whosin people add`: one more person for a model, or more photos of one. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { type Enrolled, enrolPhotos } from '../../faces/people/enrol-photos.ts';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { facePackOfSpace } from '../../packs/face-packs.ts';
import { settingSentence } from '../../report/setting-text.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { detectorOption, openFacesWith } from '../terminal/open-faces-with.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { listPhotos, readGiven, sourceOf } from '../terminal/photo-arguments.ts';
import { progressBar } from '../terminal/progress.ts';
import { changeModel, outputOption } from './change-model.ts';

export function addPersonCommand(run: Invocation): Command {
  const command = new Command('add')
    .description('Add a person to a model, or more photos of one who is in it.')
    .argument('<model>', 'the model that whosin train wrote')
    .argument('<name>', 'of the person, exactly as in the model if it is one of its people')
    .argument('<photos...>', 'photos of this person: files, folders, globs, or - for standard input')
    .option(...outputOption)
    .option(...detectorOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A photo may show several people: the face counts that agrees with the other photos, and with nobody of the model.
Photos without such a face are left out, each with its reason. If none is left, the model stays as it is.

Examples:
  whosin people add people.onnx Ann ann-1.jpg ann-2.jpg
  whosin people add people.onnx Ann photos/Ann/ -o with-ann.onnx`,
    )
    .action(async (file, name, given, { output, detector, json = false }) => {
      const { model, photos, leftOut, before } = await changeModel(file, output, async (old) => {
        const enrolled = await enrolGiven(old, name, given, detector, run);
        return { ...enrolled, before: old };
      });
      const isNew = !before.people.includes(name);
      const left = leftOut.map(({ path, reason }) => ({ path, reason }));
      if (json) {
        const added = { schema: 1, output: output ?? file, person: name, isNew, photos, leftOut: left };
        print(JSON.stringify(added));
      } else {
        const own = model.gallery.filter(({ person }) => model.people[person] === name).length;
        print(
          isNew
            ? `${shown(name)} is new, with ${count(photos.length, 'photo')}.`
            : `${shown(name)} has ${count(photos.length, 'photo')} more, ${own} in all.`,
        );
        if (left.length > 0) print(out.yellow(`${count(left.length, 'photo')} left out:`));
        for (const { path, reason } of left) print(`  ${shown(path)} ${shown(reason)}`);
        if (isNew) note(err.dim(`${settingSentence(model)}.`));
      }
      if (leftOut.some(({ error }) => error !== undefined)) run.done(1);
    });
  return command as unknown as Command;
}

async function enrolGiven(
  model: PeopleModel,
  name: string,
  given: readonly string[],
  detector: string | undefined,
  { config }: Invocation,
): Promise<Enrolled> {
  const files = await listPhotos(await readGiven(given), undefined, false);
  const missed = files.flatMap((file) => (file.kind === 'failure' ? [file] : []));
  const found = files.flatMap((file) => (file.kind === 'failure' ? [] : [sourceOf(file)]));
  if (found.length === 0)
    throw missed[0]?.error ?? new WhosinError('not-found', 'The given paths hold no photos.');
  const faces = await openFacesWith(config, detector, await facePackOfSpace(config.packs, model.space));
  const bar = progressBar('Reading photos');
  try {
    const onProgress = (now: number): void => bar.update(now, found.length);
    const enrolled = await enrolPhotos(model, name, found, faces, { onProgress });
    const absent = missed.map(({ path, error }) => ({ path, reason: error.reason ?? error.message, error }));
    return { ...enrolled, leftOut: [...absent, ...enrolled.leftOut] };
  } finally {
    bar.stop();
    await faces.close();
  }
}
