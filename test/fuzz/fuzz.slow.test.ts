/** A short run of `npm run fuzz`: the same changed files at every run, for every reader of what others may have written. */

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fuzzReader } from './fuzz-reader.ts';
import { openReaders } from './readers.ts';

const folder = mkdtempSync(join(tmpdir(), 'whosin-fuzz-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const readers = await openReaders(folder);

describe('whatever bytes it is given, it reads them or refuses them with a sentence', () => {
  test.each(readers)('$name', async (reader) => {
    const count = reader.isNative ? 30 : 200;
    const { findings, inputs } = await fuzzReader(reader, { seed: 7, goOn: (done) => done < count });
    const faults = findings.map(
      ({ message, bytes }) => `${message}\n${Buffer.from(bytes).toString('base64')}`,
    );
    expect(faults.join('\n')).toBe('');
    expect(inputs).toBe(count);
  });

  test.each(readers)('$name: the seeds are what it reads', async ({ seeds, read }) => {
    for (const whole of seeds)
      await expect(Promise.resolve(read(whole)).then(() => 'read')).resolves.toBe('read');
  });
});
