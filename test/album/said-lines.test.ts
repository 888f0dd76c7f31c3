import { describe, expect, test } from 'vitest';
import { parseSaidLines, saidLines } from '../../src/album/files/said-lines.ts';
import { said as entries, sha256 } from './said-entries.ts';

const text = saidLines(entries, () => '/photos/party.jpg');

describe('what was said, as text', () => {
  test('is one object a line that a person can read, and says the same when it is read again', () => {
    const lines = text.trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toEqual({ whosin: 'said', schema: 1, entries: entries.length });
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
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const refusals: readonly (readonly [string, string, string])[] = [
    ['cut off', lines.slice(0, 2).join('\n'), 'was cut off: it holds 1 of 5 entries'],
    ['cut off in a line', text.slice(0, -30), 'is damaged in line 6'],
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
    // Found by fuzzing: as text it was a kind, or deeper than a stack.
    [
      'a kind in a list',
      changed(1, (line) => ({ ...line, kind: [line['kind']] })),
      'makes no sense in line 2',
    ],
    ['lists in lists', lines.with(1, lines[1]!.replace('"is"', deep)).join('\n'), 'makes no sense in line 2'],
    [
      'a count in lists',
      lines
        .with(
          0,
          lines[0]!.replace('"entries":5', () => `"entries":${deep}`),
        )
        .join('\n'),
      'makes no sense in line 1',
    ],
  ];

  test.each(refusals)('%s is refused, with the line', (_name, bad, reason) => {
    expect(() => parseSaidLines(bad, 'said.jsonl')).toThrow(
      expect.objectContaining({ code: 'usage', path: 'said.jsonl', reason }),
    );
  });
});
