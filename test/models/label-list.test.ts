import { describe, expect, test } from 'vitest';
import { labelText, readLabelList } from '../../src/models/label-list.ts';

describe('a list of labels', () => {
  test.each([
    [
      'Teachable Machine, numbered',
      'labels.txt',
      '0 Eyes open\n1 Eyes closed\n',
      ['Eyes open', 'Eyes closed'],
    ],
    [
      'numbers of two digits',
      'labels.txt',
      Array.from({ length: 11 }, (_, i) => `${i} l${i}`).join('\n'),
      Array.from({ length: 11 }, (_, i) => `l${i}`),
    ],
    ['numbers that are the labels', 'labels.txt', '0\n1\n2\n', ['0', '1', '2']],
    ['numbers that are part of the labels', 'labels.txt', '5 euro\n10 euro\n', ['5 euro', '10 euro']],
    ['JSON, a list', 'labels.json', '["cat", "dog"]', ['cat', 'dog']],
    ['JSON, by number', 'labels.json', '{"1": "dog", "0": "cat"}', ['cat', 'dog']],
    ["JSON, Keras' class_indices", 'class_indices.json', '{"dog": 1, "cat": 0}', ['cat', 'dog']],
    [
      'JSON, as ImageNet has it',
      'imagenet_class_index.json',
      '{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}',
      ['tench', 'goldfish'],
    ],
    ['JSON, in a field', 'x.json', '{"labels": ["cat", "dog"]}', ['cat', 'dog']],
    ['CSV under a heading', 'labels.csv', 'index,name\n0,cat\n1,"dog"\n', ['cat', 'dog']],
    ['CSV, the label first', 'labels.csv', 'dog,1\ncat,0\n', ['cat', 'dog']],
    [
      'names with commas',
      'labels.txt',
      'tench, Tinca tinca\ngoldfish, Carassius auratus',
      ['tench, Tinca tinca', 'goldfish, Carassius auratus'],
    ],
    ['a label in brackets', 'labels.txt', '[unknown]\ncat', ['[unknown]', 'cat']],
  ])('%s', (_what, file, text, labels) => {
    expect(readLabelList(text, file)).toEqual(labels);
  });

  test('Windows writes UTF-16, in either order', () => {
    const text = '\uFEFF0 Hündin\r\n1 Kater\r\n';
    const little = Buffer.from(text, 'utf16le');
    expect(readLabelList(labelText(little), 'labels.txt')).toEqual(['Hündin', 'Kater']);
    expect(readLabelList(labelText(Buffer.from(little).swap16()), 'labels.txt')).toEqual(['Hündin', 'Kater']);
  });

  test.each([
    ['JSON without labels', 'labels.json', '{"a": {"b": 2}}', /labels.json is JSON, but no list of labels/],
    ['nothing', 'labels.txt', '\n', /is empty/],
    ['a binary file', 'labels.txt', 'a\0b', /no list of labels/],
  ])('%s is refused', (_what, file, text, message) => {
    expect(() => readLabelList(text, file)).toThrow(message);
  });
});
