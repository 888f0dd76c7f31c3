/** The folder among those of people whose photos show nobody of them. */

import { join } from 'node:path';
import { WhosinError } from '../../errors.ts';
import { type Dataset, strangersFolder } from '../../photos/dataset.ts';

export function isStranger({ label }: { readonly label: string }): boolean {
  return label === strangersFolder;
}

/**
 * The photos that can be learnt: strangers have no name in common. The folder is listed among what was left out.
 *
 * @throws WhosinError `too-few-photos` if there is nobody else
 */
export function withoutStrangers(dataset: Dataset): Dataset {
  const { root } = dataset;
  const left = dataset.photos.filter(isStranger).length;
  if (left === 0) return dataset;
  const photos = dataset.photos.filter((photo) => !isStranger(photo));
  if (photos.length === 0) {
    throw new WhosinError(
      'too-few-photos',
      `${root} holds photos in "${strangersFolder}" alone, and those are of strangers: nobody to learn. Give each person a folder of their name.`,
    );
  }
  const reason = `holds ${left} ${left === 1 ? 'photo' : 'photos'} of strangers: nobody to learn (whosin evaluate asks about them)`;
  return {
    ...dataset,
    labels: dataset.labels.filter((label) => label !== strangersFolder),
    photos,
    skipped: [...dataset.skipped, { path: join(root, strangersFolder), code: 'usage', reason }],
  };
}
