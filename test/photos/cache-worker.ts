/** A process of its own for the test of several processes on one cache, whose home is the argument. */

import { createHash } from 'node:crypto';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';

const cache = openCache(process.argv[2]!, writeFileAtomically);
let torn = 0;
for (let round = 0; round < 200; round++) {
  const value = round % 20;
  const sha256 = createHash('sha256').update(`${value}`).digest('hex');
  const bytes = new Uint8Array(20_000).fill(value);
  await cache.put('shared/1', sha256, bytes);
  const back = await cache.get('shared/1', sha256);
  if (back && Buffer.compare(back, bytes) !== 0) torn++;
  if (round % 10 === 9) await cache.clear();
}
process.stdout.write(`${torn} torn\n`);
