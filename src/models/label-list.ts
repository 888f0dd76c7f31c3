/** Lists of labels as people and programs write them: lines, numbered or not, JSON, CSV; UTF-8 and UTF-16. */

import { WhosinError } from '../errors.ts';

/** The text of a file, which notepads of Windows write as UTF-16. */
export function labelText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * The labels in the order of the network's values. Numbers in front go.
 *
 * @param file for messages
 * @throws WhosinError `not-a-model` if it is no list of labels
 */
export function readLabelList(text: string, file: string): readonly string[] {
  const content = text.replace(/^\uFEFF/, '');
  if (/^\s*[[{]/.test(content)) {
    const labels = ofJson(content);
    if (labels) return checked(labels, file);
    if (/\.json$/i.test(file)) {
      throw WhosinError.about(
        'not-a-model',
        file,
        'is JSON, but no list of labels: whosin reads ["cat", "dog"] and {"0": "cat", "1": "dog"}',
      );
    }
  }
  return readLabelLines(content, file);
}

/** One label a line, as retrain.py writes them; tf-slim and Teachable Machine write their numbers before them. */
export function readLabelLines(text: string, file: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const labels = lines.map((line) => line.trim());
  if (labels.length === 0)
    throw new WhosinError('not-a-model', `${file} is empty: it should have one label a line.`);
  return checked(ofTable(labels) ?? withoutNumbers(labels), file);
}

function checked(labels: readonly string[], file: string): readonly string[] {
  if (labels.every((label) => !label.includes('\0') && label.length <= 1000)) return labels;
  throw new WhosinError('not-a-model', `${file} is no list of labels: it should be text, one label a line.`);
}

/** "0 cat", "0:cat" and "0: cat", if the numbers are those of the lines. */
function withoutNumbers(labels: readonly string[]): readonly string[] {
  const names = labels.map((label, i) => new RegExp(`^0*${i}(?::\\s*|\\s+)(.*)$`).exec(label)?.[1]);
  return names.every((name) => name !== undefined && name !== '') ? (names as string[]) : labels;
}

/** CSV with a number and a label in each row, in either order, under a heading or none. */
function ofTable(lines: readonly string[]): readonly string[] | undefined {
  const rows = lines.map((line) => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  if (rows.some((row) => row.length !== 2)) return undefined;
  for (const body of [rows, rows.slice(1)]) {
    for (const [number, name] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const pairs = body.map((row) => [row[name]!, row[number]!] as const);
      const labels = byNumber(pairs);
      if (labels) return labels;
    }
  }
  return undefined;
}

function ofJson(text: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const {
    labels,
    classes,
    names,
    class_names: classNames,
  } = (value ?? {}) as Readonly<Record<string, unknown>>;
  for (const list of [value, labels, classes, names, classNames]) {
    const found = listOf(list);
    if (found) return found;
  }
  return undefined;
}

/** A list; or an object of labels by their numbers or of numbers by their labels, as Keras' generators have them. */
function listOf(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const texts = value.every((each) => typeof each === 'string');
    return texts && value.length > 0 ? value : undefined;
  }
  const entries = Object.entries(value);
  // ImageNet's own list has the number of the synset beside each name: {"0": ["n01440764", "tench"]}.
  const named = entries.map(
    ([key, each]) => [Array.isArray(each) ? String(each.at(-1)) : String(each), key] as const,
  );
  return byNumber(named) ?? byNumber(entries.map(([key, each]) => [key, String(each)]));
}

/** Nothing where the numbers are not 0, 1, 2 and so on, in any order. */
function byNumber(
  pairs: readonly (readonly [label: string, number: string])[],
): readonly string[] | undefined {
  const labels: string[] = [];
  for (const [label, number] of pairs) {
    if (!/^\d{1,6}$/.test(number) || Number(number) >= pairs.length) return undefined;
    labels[Number(number)] = label;
  }
  return pairs.length > 0 && Object.keys(labels).length === pairs.length ? labels : undefined;
}
