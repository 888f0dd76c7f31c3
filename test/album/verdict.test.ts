import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/album/facts/verdict.ts';
import type { Mention } from '../../src/catalog/mentions-table.ts';
import type { SaidKind } from '../../src/catalog/said.ts';

type Words = readonly [kind: SaidKind, person?: string | null, more?: Partial<Mention>];

const people: Readonly<Record<string, number>> = { ann: 1, bob: 2, annie: 1 };

function verdict(...words: readonly Words[]) {
  const mentions = words.map(
    ([kind, person = null, more], i): Mention => ({
      face: 7,
      said: i + 1,
      uid: String(i),
      at: i,
      source: 'person',
      kind,
      part: 0,
      person,
      ...more,
    }),
  );
  const { rejected, ...rest } = verdictOf(mentions, (uid) => people[uid]);
  return { ...rest, rejected: [...rejected] };
}

const nothing = { person: null, dismissed: null, unsure: false, spoken: false, rejected: [] };

describe('what was said about a face', () => {
  test('of nothing, nothing follows', () => {
    expect(verdict()).toEqual(nothing);
  });

  test('the later word counts', () => {
    expect(verdict(['is', 'ann'], ['is', 'bob'])).toMatchObject({ person: 2 });
    expect(verdict(['is', 'ann'], ['stranger'])).toMatchObject({ person: null, dismissed: 'stranger' });
    expect(verdict(['not-a-face'], ['is', 'ann'])).toMatchObject({ person: 1, dismissed: null });
  });

  test('who somebody is not stays, until they are said to be it', () => {
    expect(verdict(['is-not', 'ann'], ['is-not', 'bob'], ['is', 'ann'])).toMatchObject({
      person: 1,
      rejected: [2],
    });
    expect(verdict(['is', 'ann'], ['is-not', 'ann'])).toMatchObject({ person: null, rejected: [1] });
    // To deny one person takes nothing from another.
    expect(verdict(['is', 'ann'], ['is-not', 'bob'])).toMatchObject({ person: 1, rejected: [2] });
  });

  test('somebody who was merged is the other one', () => {
    expect(verdict(['is-not', 'annie'], ['is', 'ann'])).toMatchObject({ person: 1, rejected: [] });
  });

  test('not sure is remembered until somebody is', () => {
    expect(verdict(['not-sure', 'ann'])).toMatchObject({ unsure: true, person: null });
    expect(verdict(['not-sure'], ['is', 'ann'])).toMatchObject({ unsure: false, person: 1 });
  });

  test('a split leaves the name with the first seed alone', () => {
    const split = (part: number): Words => ['split', null, { part }];
    expect(verdict(['is', 'ann'], split(0))).toMatchObject({ person: null });
    expect(verdict(['is', 'ann'], split(1))).toMatchObject({ person: 1 });
    expect(verdict(['is', 'ann'], split(2))).toMatchObject({ person: null });
    expect(verdict(['is', 'ann'], split(0), ['is', 'bob'])).toMatchObject({ person: 2 });
  });

  test('a split of a person says who the first seed is, and who the others are not', () => {
    const split = (part: number): Words => ['split', 'ann', { part }];
    expect(verdict(split(1))).toMatchObject({ person: 1, rejected: [] });
    expect(verdict(['is', 'ann'], split(2))).toMatchObject({ person: null, rejected: [1] });
    expect(verdict(['is', 'ann'], split(0))).toMatchObject({ person: null, rejected: [] });
    // Whoever was somebody else already stays so.
    expect(verdict(['is', 'bob'], split(0))).toMatchObject({ person: 2 });
  });

  test('what a person says goes before what stands in files, even where those are read later', () => {
    expect(verdict(['is', 'ann'], ['is', 'bob', { source: 'xmp' }])).toMatchObject({ person: 1 });
    expect(verdict(['is-not', 'bob'], ['is', 'bob', { source: 'folder' }])).toMatchObject({
      person: null,
      rejected: [2],
    });
    expect(verdict(['is', 'ann', { source: 'folder' }], ['is', 'bob', { source: 'xmp' }])).toMatchObject({
      person: 2,
    });
    expect(verdict(['is', 'ann', { source: 'api' }], ['is', 'bob'])).toMatchObject({ person: 2 });
  });

  test('a person whom nobody knows any more is nobody', () => {
    expect(verdict(['is', 'ann'], ['is', 'gone'])).toMatchObject({ person: 1 });
  });
});
