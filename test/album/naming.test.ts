import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { albumOf, groupIn, namesIn, writeMadePhoto } from './made-album.ts';

describe('a name', () => {
  test('is that of all faces of a group, in any script, and of any length up to a page’s', async () => {
    const { album, path } = await albumOf(5, 3);
    const names = ['Grandma', '祖母 👵🏽', 'محمد', '  Zoe\u0308   B.  ', 'x'.repeat(200)];
    for (const [who, name] of names.entries()) {
      await album.name(await groupIn(album, path(`${who}-0`)), name);
    }
    const shown = (await album.status()).people.map((person) => person.shown).toSorted();
    expect(shown).toEqual(['Grandma', '祖母 👵🏽', 'محمد', 'Zoë B.', 'x'.repeat(200)].toSorted());
    for (const name of shown) expect((await album.find(`"${name}"`)).total).toBe(3);
  });

  test.each([
    ['', 'Give a name that is not empty.'],
    // Shown as nothing, or as a box.
    ['\u0000', 'Give a name that is not empty.'],
    ['\ud83d', 'Give a name that is not empty.'],
    ['\u200b\u202e', 'Give a name that is not empty.'],
    [' \t ', 'Give a name that is not empty.'],
    ['x'.repeat(201), 'Give a name of at most 200 characters: this one has 201.'],
  ])('"%s" is none', async (name, message) => {
    const { album, path } = await albumOf(1, 2);
    const group = await groupIn(album, path('0-0'));
    await expect(album.name(group, name)).rejects.toMatchObject({ code: 'usage', message });
    expect(await album.log()).toEqual([]);
  });

  test('that somebody has joins the two or tells them apart, as is said; else it is refused', async () => {
    const { album, path } = await albumOf(3, 3);
    await album.name(await groupIn(album, path('0-0')), 'John');
    const group = await groupIn(album, path('1-0'));
    await expect(album.name(group, 'john')).rejects.toMatchObject({
      code: 'in-use',
      httpStatus: 409,
      message: `There is somebody called "John" already: give --merge if group ${group} is the same person, --new if it is another one.`,
    });
    expect(await album.name(group, 'John', { merge: true })).toMatchObject({ person: 'John', joined: true });
    const other = await groupIn(album, path('2-0'));
    expect(await album.name(other, 'John', { anew: true })).toMatchObject({
      person: 'John (2)',
      joined: false,
    });
    expect([(await album.find('John')).total, (await album.find('"John (2)"')).total]).toEqual([6, 3]);
    // The second one becomes the only one of the name.
    await album.correct({ kind: 'rename', person: 'John', name: 'Jack' });
    expect((await album.status()).people.map(({ shown }) => shown)).toEqual(['Jack', 'John']);
  });

  test('of a group that is not there, or has one already, is refused', async () => {
    const { album, path } = await albumOf(1, 2);
    await expect(album.name(999, 'Ann')).rejects.toMatchObject({ code: 'not-found' });
    const group = await groupIn(album, path('0-0'));
    await album.name(group, 'Ann');
    await expect(album.name(group, 'Bob')).rejects.toMatchObject({
      code: 'refused',
      message: `Every face of group ${group} has a name already, or was set aside.`,
    });
  });

  test('is that of new photos too: they need no answer', async () => {
    const { album, path, folder } = await albumOf(3, 4);
    await album.name(await groupIn(album, path('1-0')), 'Ann');
    await writeMadePhoto(path('1-new'), [{ who: 1, take: 40 }]);
    await album.add([join(folder, 'photos')]);
    expect(await namesIn(album, path('1-new'))).toEqual(['Ann']);
    const { automatic, confirmed } = await album.status();
    expect([confirmed, automatic.faces, automatic.judged]).toEqual([4, 1, 0]);
    expect(automatic.expectedWrong).toBeGreaterThanOrEqual(0);
    expect(automatic.expectedWrong).toBeLessThan(0.05);
    // A correction shows how often automatic names were wrong.
    await album.correct({ kind: 'is', person: 'Bob', faces: [path('1-new')] });
    expect((await album.status()).automatic).toMatchObject({ faces: 0, judged: 1, corrected: 1 });
  });

  test('is never that of two faces of one photo, unless the photo is a collage', async () => {
    const { album, path, folder } = await albumOf(2, 4);
    await album.name(await groupIn(album, path('0-0')), 'Ann');
    await writeMadePhoto(path('mirror'), [
      { who: 0, take: 50 },
      { who: 0, take: 51 },
    ]);
    await album.add([join(folder, 'photos')]);
    expect(new Set(await namesIn(album, path('mirror')))).toEqual(new Set(['Ann', null]));
    const [said] = await album.correct({ kind: 'collage', photos: [path('mirror')] });
    expect(await namesIn(album, path('mirror'))).toEqual(['Ann', 'Ann']);
    await album.undo(said!);
    expect(new Set(await namesIn(album, path('mirror')))).toEqual(new Set(['Ann', null]));
  });
});

describe('corrections', () => {
  test('is, is-not, not-a-face, stranger', async () => {
    const { album, path } = await albumOf(3, 3);
    await album.name(await groupIn(album, path('0-0')), 'Ann');
    await album.correct({ kind: 'is-not', person: 'Ann', faces: [path('0-1')] });
    expect(await namesIn(album, path('0-1'))).toEqual([null]);
    // However alike it is, it leaves the group of those who are Ann.
    expect(await groupIn(album, path('0-1'))).not.toBe(await groupIn(album, path('0-0')));
    await album.correct({ kind: 'is', person: 'Bob', faces: [path('1-0')] });
    expect(await namesIn(album, path('1-0'))).toEqual(['Bob']);
    await album.correct({ kind: 'not-a-face', faces: [path('2-0')] });
    await album.correct({ kind: 'stranger', faces: [path('2-1')] });
    expect(await album.status()).toMatchObject({ faces: 8, confirmed: 3 });
    expect((await album.find('no faces')).photos.map((photo) => photo.path)).toEqual([path('2-0')]);
    // Whoever looks like a stranger is one too, and is not asked about.
    const questions = await album.questions({ singles: true });
    expect(questions.flatMap(({ shown }) => shown.map((face) => face.path))).toEqual([path('0-1')]);
    expect((await album.groups({ least: 1 })).groups.map(({ group }) => group)).not.toContain(
      await groupIn(album, path('2-2')),
    );
  });

  test('same, different and split say who belongs together, whatever they look like', async () => {
    const { album, path } = await albumOf(3, 4);
    const groupsOf = async (...names: readonly string[]): Promise<number[]> => {
      const groups: number[] = [];
      for (const name of names) groups.push(await groupIn(album, path(name)));
      return groups;
    };
    const [first, second] = await groupsOf('0-0', '1-0');
    const [same] = await album.correct({ kind: 'same', faces: [String(first), String(second)] });
    expect(new Set(await groupsOf('0-0', '0-3', '1-0', '1-3')).size).toBe(1);
    await album.undo(same!);
    expect(await groupsOf('0-0', '0-3', '1-0', '1-3')).toEqual([
      first,
      first,
      expect.any(Number),
      expect.any(Number),
    ]);
    expect((await groupsOf('1-0'))[0]).not.toBe(first);

    const [different] = await album.correct({ kind: 'different', faces: [path('2-0'), path('2-1')] });
    const [a, b] = await groupsOf('2-0', '2-1');
    expect(a).not.toBe(b);
    await album.undo(different!);
    expect(new Set(await groupsOf('2-0', '2-1', '2-2', '2-3')).size).toBe(1);

    // Two people were named as one: a face of each tells them apart, and the others follow.
    const [again] = await album.correct({ kind: 'same', faces: [path('0-0'), path('1-0')] });
    await album.name((await groupsOf('0-0'))[0]!, 'Ann');
    await album.undo(again!);
    const [split] = await album.correct({ kind: 'split', from: 'Ann', seeds: [path('0-0'), path('1-0')] });
    for (const name of ['0-0', '0-1', '0-2', '0-3'])
      expect(await namesIn(album, path(name))).toEqual(['Ann']);
    for (const name of ['1-0', '1-1', '1-2', '1-3']) expect(await namesIn(album, path(name))).toEqual([null]);
    expect(new Set(await groupsOf('1-0', '1-1', '1-2', '1-3')).size).toBe(1);
    await album.undo(split!);
    expect(await namesIn(album, path('1-2'))).toEqual(['Ann']);
  });

  test('merge, rename, hide', async () => {
    const { album, path } = await albumOf(3, 3);
    await album.name(await groupIn(album, path('0-0')), 'Ann');
    await album.name(await groupIn(album, path('1-0')), 'Annie');
    const people = async () =>
      (await album.status()).people.map((person) => [person.shown, person.confirmed, person.hidden]);
    const [merged] = await album.correct({ kind: 'merge', person: 'Annie', into: 'Ann' });
    expect(await people()).toEqual([['Ann', 6, false]]);
    const [renamed] = await album.correct({ kind: 'rename', person: 'Ann', name: 'Anna' });
    await album.correct({ kind: 'hide', person: 'Anna' });
    expect(await people()).toEqual([['Anna', 6, true]]);
    await album.undo(merged!);
    expect(await people()).toEqual([
      ['Anna', 3, true],
      ['Annie', 3, false],
    ]);
    await album.undo(renamed!);
    expect((await people()).map(([shown]) => shown)).toEqual(['Ann', 'Annie']);
    await expect(album.correct({ kind: 'rename', person: 'Ann', name: 'Annie' })).rejects.toMatchObject({
      code: 'in-use',
    });
    await expect(album.correct({ kind: 'merge', person: 'Ann', into: 'ann' })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('that do not say which face is meant are refused with a way to say it', async () => {
    const { album, path, folder } = await albumOf(2, 2);
    await writeMadePhoto(path('party'), [
      { who: 0, take: 9 },
      { who: 1, take: 9 },
    ]);
    await album.add([join(folder, 'photos')]);
    const is = (face: string) => album.correct({ kind: 'is', person: 'Ann', faces: [face] });
    await expect(is(path('party'))).rejects.toMatchObject({
      code: 'usage',
      message: `${path('party')} shows 2 faces: name one, counted from the left, as in "${path('party')}#1".`,
    });
    await expect(is(`${path('party')}#3`)).rejects.toMatchObject({ code: 'not-found' });
    await expect(is(path('unknown'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(is('12345')).rejects.toMatchObject({ code: 'not-found' });
    await is(`${path('party')}#2`);
    expect(await namesIn(album, path('party'))).toEqual([null, 'Ann']);
    // Whose face it is says which one is meant, too.
    await album.correct({ kind: 'is-not', person: 'Ann', faces: [path('party')] });
    expect(await namesIn(album, path('party'))).toEqual([null, null]);
    // A face has a key that outlives the photo's place.
    const [question] = await album.questions({ limit: 1 });
    expect(question!.shown[0]!.key).toMatch(/^[0-9a-f]{64}@0\.0500,0\.1000,0\.1200,0\.1500$/);
    await is(question!.shown[0]!.key);
    expect(await namesIn(album, question!.shown[0]!.path!)).toContain('Ann');
  });
});

describe('undo', () => {
  test('takes back the last word, or any word, in any order, and itself', async () => {
    const { album, path } = await albumOf(2, 3);
    const [a, b] = [await groupIn(album, path('0-0')), await groupIn(album, path('1-0'))];
    const ann = (await album.name(a, 'Ann')).said;
    const bob = (await album.name(b, 'Bob')).said;
    await album.undo(ann);
    expect([await namesIn(album, path('0-0')), await namesIn(album, path('1-0'))]).toEqual([[null], ['Bob']]);
    expect(await groupIn(album, path('0-0'))).toBe(a);
    await expect(album.undo(ann)).rejects.toMatchObject({ code: 'refused' });
    await expect(album.undo(999)).rejects.toMatchObject({ code: 'not-found' });
    const undone = (await album.log({ limit: 1 }))[0]!;
    expect(undone).toMatchObject({ kind: 'undo', undoes: ann });
    await album.undo(undone.number);
    expect(await namesIn(album, path('0-0'))).toEqual(['Ann']);
    expect(await album.undo()).toEqual([bob]);
    expect(await album.undo()).toEqual([ann]);
    await expect(album.undo()).rejects.toMatchObject({ code: 'not-found' });
    expect((await album.status()).people).toEqual([]);
    expect((await album.log()).map(({ kind, undone: back }) => [kind, back])).toEqual([
      ['undo', false],
      ['undo', false],
      ['undo', false],
      ['undo', true],
      ['is', true],
      ['is', true],
    ]);
  });
});
