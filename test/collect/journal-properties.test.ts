/** A journal that was cut off anywhere tells the beginning of what happened, and takes what happens next. */

import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entry, openJournal, readJournal, reasons, type Untimed } from '../../src/collect/journal.ts';
import { holdsOfFiles } from '../holds.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });
/** One part of a path: nothing that leads out of the set. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((part) => !/[/\\\0]/.test(part) && !/^\.{1,2}$/.test(part));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const sha256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const sourced = { name, source: anyText, address: fc.webUrl() };

const entry: fc.Arbitrary<Untimed<Entry>> = fc.oneof(
  fc.record({
    event: fc.constant('photo' as const),
    ...sourced,
    sha256,
    path,
    reason: fc.constantFrom(null, ...reasons),
    why: anyText,
  }),
  fc.record({ event: fc.constant('copy' as const), ...sourced, sha256 }),
  fc.record({ event: fc.constant('failed' as const), ...sourced, code: anyText, message: anyText }),
  fc.record({
    event: fc.constant('moved' as const),
    name,
    sha256,
    from: path,
    path: fc.option(path),
    reason: fc.constantFrom(null, ...reasons),
    by: fc.constantFrom('whosin' as const, 'person' as const),
  }),
  fc.record({ event: fc.constantFrom('judging' as const, 'round' as const, 'end' as const) }),
);
const entries = fc.array(entry, { maxLength: 8 });

const time = '2026-11-29T12:00:00.000Z';
const withTime = (all: readonly Untimed<Entry>[]): unknown[] => all.map((one) => ({ ...one, time }));

async function written(all: readonly Untimed<Entry>[], to?: string): Promise<string> {
  const file = to ?? join(await temporaryFolder(), 'provenance.jsonl');
  const journal = await openJournal(file, () => Date.parse(time));
  for (const one of all) await journal.append(one);
  await journal.close();
  return file;
}

test('what is appended is read, whatever names and addresses hold', async () => {
  await holdsOfFiles(
    fc.asyncProperty(entries, async (all) => {
      expect(await readJournal(await written(all))).toEqual(withTime(all));
    }),
  );
});

test('cut off at any byte, it tells all that was whole, and goes on behind it', async () => {
  await holdsOfFiles(
    fc.asyncProperty(entries, entries, fc.double({ min: 0, max: 1, noNaN: true }), async (all, more, at) => {
      const file = await written(all);
      const bytes = await readFile(file);
      const kept = Math.floor(at * bytes.length);
      await truncate(file, kept);
      const text = bytes.subarray(0, kept).toString();
      // A line whose end alone was lost is whole.
      const lines = text.split('\n').filter((line) => line.endsWith('}') && isWhole(line)).length;
      expect(await readJournal(file)).toEqual(withTime(all.slice(0, lines)));
      await written(more, file);
      expect(await readJournal(file)).toEqual(withTime([...all.slice(0, lines), ...more]));
    }),
  );
});

test('lines of anything between its own are passed over', async () => {
  const noise = fc
    .oneof(anyText, fc.json(), fc.constant('{"event":"photo","path":"../../etc/passwd"}'))
    .filter((line) => !/"event"\s*:\s*"(?:judging|round|end)"/.test(line));
  await holdsOfFiles(
    fc.asyncProperty(entries, fc.array(noise, { maxLength: 4 }), entries, async (all, lines, more) => {
      const file = await written(all);
      await appendFile(file, lines.map((line) => `${line}\n`).join(''));
      await written(more, file);
      expect(await readJournal(file)).toEqual(withTime([...all, ...more]));
    }),
  );
});

test('a name that leads out of the set is not believed', async () => {
  const outside = fc.constantFrom('..', '.', '', 'a\\b', '../../x', '/etc/passwd', 'a//b', 'a/../b', 'nul\0');
  await holdsOfFiles(
    fc.asyncProperty(entry, outside, async (one, place) => {
      const file = join(await temporaryFolder(), 'provenance.jsonl');
      const astray = 'path' in one ? { ...one, path: place } : { ...one, name: place };
      await writeFile(file, `${JSON.stringify({ ...astray, time })}\n`);
      const mark = ['judging', 'round', 'end'].includes(one.event);
      expect(await readJournal(file)).toHaveLength(mark ? 1 : 0);
    }),
  );
});

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
