/** Files that people have beside a model: its labels, and what Teachable Machine writes of it. */

import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { labelText, readLabelList } from '../models/label-list.ts';
import { readPlainFile } from '../runtime/plain-file.ts';

export interface BesideModel {
  readonly labels?: readonly string[];
  /** The path of the file that the labels are from. */
  readonly labelsFile?: string;
  /** The side of the pictures that it was trained on, in pixels. */
  readonly side?: number;
}

/** As retrain.py, Teachable Machine, Custom Vision, Keras' users and the demos for phones call them. */
const labelNames = [
  'retrained_labels.txt',
  'output_labels.txt',
  'labels.txt',
  'label.txt',
  'labels.json',
  'labels.csv',
  'classes.txt',
  'class_names.txt',
  'class_names.json',
  'classes.json',
  'class_indices.json',
];

const ofTeachableMachine = 'metadata.json';

/** Nothing of it where no such file is there; throws `not-a-model` if one is, and is no list of labels. */
export async function besideModel(model: string): Promise<BesideModel> {
  const folder = dirname(model);
  const there = new Map(
    (await readdir(folder).catch(() => [])).map((name) => [name.toLowerCase(), name] as const),
  );
  const metadata = there.get(ofTeachableMachine);
  const about = metadata === undefined ? {} : await readMetadata(join(folder, metadata));
  if (about.labels) return about;
  const stem = basename(model, extname(model)).toLowerCase();
  // A file of the model's own name counts before one for all of its folder.
  const own = [`${stem}.txt`, `${stem}_labels.txt`, `${stem}.labels.txt`, `${stem}-labels.txt`];
  const name = [...own, ...labelNames].find((each) => there.has(each));
  if (name === undefined) return about;
  const labelsFile = join(folder, there.get(name)!);
  const labels = readLabelList(labelText(await readPlainFile(labelsFile)), labelsFile);
  return { ...about, labels, labelsFile };
}

/** Other programs call a file so too: what is not Teachable Machine's is passed over. */
async function readMetadata(path: string): Promise<BesideModel> {
  const text = new TextDecoder().decode(await readPlainFile(path).catch(() => new Uint8Array()));
  try {
    const { labels, imageSize } = (JSON.parse(text) ?? {}) as { labels?: unknown; imageSize?: unknown };
    const side = typeof imageSize === 'number' && imageSize >= 1 && imageSize <= 4096 ? imageSize : undefined;
    const areTexts =
      Array.isArray(labels) && labels.length > 0 && labels.every((each) => typeof each === 'string');
    return { ...(side !== undefined && { side }), ...(areTexts && { labels, labelsFile: path }) };
  } catch {
    return {};
  }
}
