/** A model file that is changed: read, changed and written whole, by one process at a time. */

import { basename, dirname, join } from 'node:path';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { loadPeopleModel, savePeopleModel } from '../../faces/people/people-model.ts';
import { count, shown } from '../../report/words.ts';
import { takeLock } from '../../runtime/lock.ts';
import { checkModelPath } from '../../runtime/model-path.ts';
import { err, note } from '../terminal/output.ts';

/** For commander: the flag and its help. */
export const outputOption = [
  '-o, --output <file>',
  'write the changed model here, and leave the given one as it is',
] as const;

/**
 * @param output the given file if left out
 * @param change throws if nothing is to be written
 * @returns what `change` returned, once the file is written
 */
export async function changeModel<T extends { readonly model: PeopleModel }>(
  file: string,
  output: string = file,
  change: (model: PeopleModel) => T | Promise<T>,
): Promise<T> {
  // Without a model there is nothing to change, and no lock is left beside a slip of the hand.
  await loadPeopleModel(file);
  await checkModelPath(output);
  const lock = await takeLock(join(dirname(output), `.${basename(output)}.lock`), {
    onWait: () => note(err.dim(`Another process changes ${shown(output)}: waiting for it.`)),
  });
  try {
    const changed = await change(await loadPeopleModel(file));
    await savePeopleModel(output, changed.model);
    const { people, gallery } = changed.model;
    const size = `${count(people.length, 'person', 'people')}, ${count(gallery.length, 'photo')}`;
    note(err.dim(`Wrote ${shown(output)}: ${size}.`));
    return changed;
  } finally {
    await lock.release();
  }
}
