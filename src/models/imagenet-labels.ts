/** The label files that come with TensorFlow's ImageNet networks. */

import { WhosinError } from '../errors.ts';
import { readLabelList } from './label-list.ts';

export interface LabelFile {
  readonly path: string;
  readonly text: string;
}

/** @param files one list, or the two of Inception v3 */
export function readLabels([file, names]: readonly LabelFile[]): readonly string[] {
  return names ? readInceptionLabels(file!.text, names.text) : readLabelList(file!.text, file!.path);
}

/**
 * The labels of Inception v3 of 2015, in two files that classify_image.py joins: classes to synsets, and synsets
 * to names. Classes 1 to 1000 have names; the network gives 1008 values, of which the others mean nothing.
 *
 * @param map text of imagenet_2012_challenge_label_map_proto.pbtxt
 * @param names text of imagenet_synset_to_human_label_map.txt
 */
export function readInceptionLabels(map: string, names: string, values = 1008): readonly string[] {
  const humans = new Map(
    names.split('\n').flatMap((line) => {
      // The ends are trimmed by themselves: one expression for both tries every pair of ends in a line of blanks.
      const [, synset, human] = /^(n\d+)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
      return synset && human ? [[synset, human] as const] : [];
    }),
  );
  const labels = Array.from({ length: values }, (_, i) => `unused ${i}`);
  const entries = [...map.matchAll(/target_class:\s*(\d+)\s+target_class_string:\s*"(n\d+)"/g)];
  for (const [, number, synset] of entries) {
    const human = humans.get(synset!);
    const index = Number(number);
    if (human === undefined || index >= values) {
      throw new WhosinError(
        'not-a-model',
        `The label files do not fit: class ${index} (${synset}) has no name.`,
      );
    }
    labels[index] = human;
  }
  if (entries.length === 0)
    throw new WhosinError('not-a-model', 'The label map of Inception v3 names no classes.');
  return labels;
}
