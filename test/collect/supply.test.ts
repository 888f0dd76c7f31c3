import { expect, test } from 'vitest';
import type { Candidate, Source } from '../../src/collect/source.ts';
import { openSupply } from '../../src/collect/supply.ts';
import { WhosinError } from '../../src/errors.ts';

const candidate = (n: number): Candidate => ({ from: { address: `https://a.example/${n}` } });

function source(name: string, numbers: readonly number[], failure?: Error): Source {
  return {
    name,
    async *search() {
      for (const n of numbers) yield candidate(n);
      if (failure) throw failure;
    },
  };
}

test('source after source gives what it has; one that stops answering is noted, and the next goes on', async () => {
  const broken = new WhosinError('cannot-fetch', 'b answers with status 500.');
  const sources = [source('a', [1, 2]), source('b', [3], broken), source('c', [4])];
  const supply = openSupply({ name: 'ann', words: 'ann' }, sources);
  const offers: string[] = [];
  for (let offer = await supply.next(); offer; offer = await supply.next()) {
    const { from } = offer.candidate;
    offers.push(`${offer.source} ${'address' in from ? from.address : ''}`);
  }
  expect(offers).toEqual([1, 2, 3, 4].map((n) => `${'aabc'[n - 1]} https://a.example/${n}`));
  expect(supply.failures).toEqual([{ name: 'ann', source: 'b', message: 'b answers with status 500.' }]);
});

test('a fault of whosin is not taken for a fault of the source', async () => {
  const supply = openSupply({ name: 'ann', words: 'ann' }, [source('a', [], new TypeError('oops'))]);
  await expect(supply.next()).rejects.toThrow('oops');
});
