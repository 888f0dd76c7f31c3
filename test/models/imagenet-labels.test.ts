import { describe, expect, test } from 'vitest';
import { readInceptionLabels } from '../../src/models/imagenet-labels.ts';
import { readLabelLines } from '../../src/models/label-list.ts';

describe('labels of one line each', () => {
  test.each([
    ['as retrain.py writes them', 'daisy\nwild rose\n'],
    ['of Windows, with a byte order mark and empty lines behind', '\uFEFFdaisy\r\nwild rose\r\n\r\n'],
    ['as tf-slim writes them, numbered', '0:daisy\n1:wild rose\n'],
  ])('%s', (_what, text) => {
    expect(readLabelLines(text, 'labels.txt')).toEqual(['daisy', 'wild rose']);
  });

  test('numbers that are part of the labels stay, and so does an empty line between', () => {
    expect(readLabelLines('1:1 scale\n\n3:4 scale', 'labels.txt')).toEqual(['1:1 scale', '', '3:4 scale']);
  });

  test.each([
    ['nothing', '\n\n', 'labels.txt is empty'],
    ['a binary file', 'a\0b', 'labels.txt is no list of labels'],
  ])('%s is refused', (_what, text, message) => {
    expect(() => readLabelLines(text, 'labels.txt')).toThrow(message);
  });
});

describe('the label files of Inception v3', () => {
  const map = `# -*- protobuf -*-
entry {
  target_class: 2
  target_class_string: "n01443537"
}
entry {
  target_class: 1
  target_class_string: "n01440764"
}
`;
  const names = 'n01440764\ttench, Tinca tinca\nn01443537\tgoldfish, Carassius auratus\nn00000001\tother\n';

  test('are joined as classify_image.py does it; the values without a class are named so', () => {
    expect(readInceptionLabels(map, names, 4)).toEqual([
      'unused 0',
      'tench, Tinca tinca',
      'goldfish, Carassius auratus',
      'unused 3',
    ]);
    expect(readInceptionLabels(map, names)).toHaveLength(1008);
  });

  test('a line of blanks is read at once; it took hours', () => {
    const blanks = `n01440764${'\t'.repeat(200_000)}tench${' '.repeat(200_000)}\n`;
    expect(readInceptionLabels(map, blanks + names, 4)[1]).toBe('tench, Tinca tinca');
    expect(() => readInceptionLabels(map, `n01443537${'\t'.repeat(200_000)}\0`)).toThrow('has no name');
  });

  test.each([
    ['a class without a name', map, '', 'class 2 (n01443537) has no name'],
    ['a map of nothing', 'entry {}', names, 'names no classes'],
  ])('%s is refused', (_what, classes, humans, message) => {
    expect(() => readInceptionLabels(classes, humans)).toThrow(message);
  });
});
