import { expect, test } from 'vitest';
import { openAdmission } from '../../src/server/admission.ts';

// Sixteen uploads of 256 MB were four gigabytes of memory.
test('as much is let in as memory holds, and no more requests than one waits for; the others are told to come back', async () => {
  const admission = openAdmission({ requests: 3, bytes: 100 });
  const ends: (() => void)[] = [];
  const begin = (bytes: number) =>
    admission.admit(bytes, () => new Promise<void>((resolve) => ends.push(resolve)));
  const refusal = { status: 429, code: 'too-many', headers: { 'retry-after': '3' } };

  const large = begin(1000);
  await expect(begin(1)).rejects.toMatchObject(refusal);
  ends.pop()!();
  await large;
  const others = [begin(40), begin(40)];
  await expect(begin(40)).rejects.toMatchObject(refusal);
  others.push(begin(20));
  await expect(begin(0)).rejects.toMatchObject(refusal);
  expect(admission.inside).toBe(3);
  for (const end of ends) end();
  await Promise.all(others);
  expect(admission.inside).toBe(0);

  await expect(admission.admit(100, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await admission.admit(100, async () => 'let in')).toBe('let in');
});
