import { describe, expect, test } from 'vitest';
import { parseSaidLines, saidLines } from '../../src/album/said-lines.ts';
import type { Said } from '../../src/catalog/said.ts';

const sha256 = 'ab'.repeat(32);
const entries: readonly Said[] = [
  {
    uid: 'u1',
    at: Date.UTC(2026, 10, 29, 11, 10, 0, 123),
    who: 'Zoë',
    source: 'person',
    kind: 'is',
    person: { uid: 'p1', name: 'Grandma "G"\n' },
    faces: [
      {
        sha256,
        box: { left: 0.123456, top: 0.2, width: 0.3, height: 0.4 },
        time: 1.5,
        part: 1,
        was: { person: 'p2', probability: 0.25 },
      },
      { sha256, box: null, time: null, part: 0 },
    ],
  },
  {
    uid: 'u2',
    at: 0,
    who: '',
    source: 'xmp',
    kind: 'merge',
    person: { uid: 'p1', name: 'G' },
    other: 'p2',
    faces: [],
  },
  { uid: 'u3', at: 1000, who: '', source: 'api', kind: 'undo', undoes: 'u1', faces: [] },
];
const text = saidLines(entries, () => '/photos/party.jpg');

describe('what was said, as text', () => {
  test('is one object a line that a person can read, and says the same when it is read again', () => {
    const lines = text.trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toEqual({ whosin: 'said', schema: 1, entries: 3 });
    expect(JSON.parse(lines[1]!)).toMatchObject({
      at: '2026-11-29T11:10:00.123Z',
      person: { name: 'Grandma "G"\n' },
      faces: [{ file: '/photos/party.jpg', box: [0.123456, 0.2, 0.3, 0.4] }, {}],
    });
    expect(parseSaidLines(text, 'said.jsonl')).toEqual(entries);
  });

  test('without entries is still such a text', () => {
    expect(
      parseSaidLines(
        saidLines([], () => undefined),
        'x',
      ),
    ).toEqual([]);
  });

  const lines = text.trimEnd().split('\n');
  const changed = (n: number, change: (line: Record<string, unknown>) => object): string =>
    lines
      .map((line, i) =>
        i === n ? JSON.stringify(change(JSON.parse(line) as Record<string, unknown>)) : line,
      )
      .join('\n');
  const refusals: readonly (readonly [string, string, string])[] = [
    ['cut off', lines.slice(0, 2).join('\n'), 'was cut off: it holds 1 of 3 entries'],
    ['cut off in a line', text.slice(0, -30), 'is damaged in line 4'],
    ['something else', '{"a":1}\n', 'is no backup of what was said'],
    ['empty', '', 'is no backup of what was said'],
    ['newer', changed(0, (head) => ({ ...head, schema: 2 })), 'was written by a newer whosin'],
    ['an unknown word', changed(2, (line) => ({ ...line, kind: 'shout' })), 'makes no sense in line 3'],
    ['an unknown source', changed(2, (line) => ({ ...line, source: 'dream' })), 'makes no sense in line 3'],
    ['no time', changed(2, (line) => ({ ...line, at: 'yesterday' })), 'makes no sense in line 3'],
    [
      'no photo',
      changed(1, (line) => ({ ...line, faces: [{ box: [0, 0, 1, 1] }] })),
      'makes no sense in line 2',
    ],
    [
      'half a box',
      changed(1, (line) => ({ ...line, faces: [{ photo: sha256, box: [0, 0, 1] }] })),
      'makes no sense in line 2',
    ],
    ['a null', lines.with(1, 'null').join('\n'), 'is damaged in line 2'],
  ];

  test.each(refusals)('%s is refused, with the line', (_name, bad, reason) => {
    expect(() => parseSaidLines(bad, 'said.jsonl')).toThrow(
      expect.objectContaining({ code: 'usage', path: 'said.jsonl', reason }),
    );
  });
});
