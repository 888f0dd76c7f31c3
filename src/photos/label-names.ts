/** Folders whose names would teach nonsense: refused where nobody can have meant them, doubted where somebody might. */

import { join, relative, sep } from 'node:path';
import { groupedBy } from '../core/grouped.ts';
import { WhosinError } from '../errors.ts';

interface LabelledFile {
  readonly path: string;
  readonly label: string;
}

/** How the parts of a set are called that was split for training, in PyTorch's, TensorFlow's and Kaggle's examples. */
const partNames = new Set('train training val valid validation test testing dev eval'.split(' '));
/** Nobody is called so, as somebody may be called Val or Dev. */
const surePartNames = new Set('train training validation test testing'.split(' '));

/** A year, a month or a day, as albums are sorted. */
const date = /^(?:19|20)\d\d(?:[-_. ]?(?:0[1-9]|1[0-2])(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?)?$/;

/**
 * @param files all photos, each with the name of its folder
 * @returns a sentence for each doubt
 * @throws WhosinError `usage` if the labels are parts of a set, or two look the same
 */
export function doubtsAboutLabels(root: string, files: readonly LabelledFile[]): string[] {
  const labels = [...new Set(files.map(({ label }) => label))].toSorted();
  refuseParts(root, labels, files);
  return [...wrapped(root, labels, files), ...doubtsAboutNames(root, labels)];
}

/** @throws WhosinError `usage` if two look the same */
export function doubtsAboutNames(root: string, labels: readonly string[]): string[] {
  refuseSameLooks(root, labels);
  return [...sameButForCase(labels), ...nearlyUnknown(labels), ...dates(labels)];
}

/** `train/` and `test/` above the folders of the labels: what was meant is to train on one of them. */
function refuseParts(root: string, labels: readonly string[], files: readonly LabelledFile[]): void {
  const names = labels.map((label) => label.toLowerCase());
  const areParts =
    names.every((name) => partNames.has(name)) && names.some((name) => surePartNames.has(name));
  if (!areParts || files.some((file) => innerFolder(root, file) === undefined)) return;
  const first = labels[names.findIndex((name) => name.startsWith('train'))] ?? labels[0]!;
  throw new WhosinError(
    'usage',
    `${root} holds parts of a set (${listed(labels)}), each with folders in it, and these would be learned as names. Name one part: ${join(root, first)}`,
    { path: root },
  );
}

/** Answers that give both names could not be told apart by anybody. */
function refuseSameLooks(root: string, labels: readonly string[]): void {
  const [same] = groups(labels, looks);
  if (same === undefined) return;
  throw new WhosinError(
    'usage',
    `${root} has names that look the same: ${listed(same.map(spelled))}. Put the photos of one person or thing into one folder, or give the others another name.`,
    { path: root },
  );
}

function wrapped(root: string, labels: readonly string[], files: readonly LabelledFile[]): string[] {
  const inner = new Set(files.map((file) => innerFolder(root, file)));
  if (labels.length !== 1 || inner.has(undefined) || inner.size < 2) return [];
  const names = [...inner].filter((name) => name !== undefined).toSorted();
  return [
    `All photos lie in "${labels[0]}", in folders of their own there (${listed(names)}). If these are the people or things, name ${join(root, labels[0]!)} instead.`,
  ];
}

function sameButForCase(labels: readonly string[]): string[] {
  return groups(labels, (label) => looks(label).toLowerCase()).map(
    (same) =>
      `${listed(same.map(quoted))} are learned as different names. If they are one, put their photos into one folder.`,
  );
}

function nearlyUnknown(labels: readonly string[]): string[] {
  return labels
    .filter((label) => label !== 'unknown' && looks(label).toLowerCase() === 'unknown')
    .map(
      (label) =>
        `${quoted(label)} is learned as a name. The folder of strangers, or of none of the labels, is called "unknown".`,
    );
}

function dates(labels: readonly string[]): string[] {
  const found = labels.filter((label) => date.test(looks(label)));
  if (found.length === 0) return [];
  const are = found.length === 1 ? 'looks like a date and is' : 'look like dates and are';
  return [
    `${listed(found.map(quoted))} ${are} learned as a name: is there a folder for each person or thing?`,
  ];
}

/** The folder that a photo lies in below that of its label. */
function innerFolder(root: string, { path, label }: LabelledFile): string | undefined {
  const parts = relative(join(root, label), path).split(sep);
  return parts.length > 1 ? parts[0] : undefined;
}

/** The visible part of a name: one form of each letter, and neither spaces at its ends nor characters without a shape. */
function looks(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function groups(labels: readonly string[], keyOf: (label: string) => string): string[][] {
  return [...groupedBy(labels, keyOf).values()].filter((same) => same.length > 1);
}

export function quoted(name: string): string {
  return `"${name}"`;
}

/** With what cannot be seen written out. */
function spelled(name: string): string {
  return quoted(name.replaceAll(/[^ -~]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`));
}

const mostNamed = 10;

export function listed(names: readonly string[]): string {
  const some = names.slice(0, mostNamed);
  if (names.length > mostNamed) return `${some.join(', ')} and ${names.length - mostNamed} more`;
  return some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} and ${some.at(-1)}`;
}
