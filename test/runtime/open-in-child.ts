/** A process of its own for the test of two processes: says `ready`, waits for a line, opens the embedder. */

import { once } from 'node:events';
import { readConfig } from '../../src/config.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { openNetwork } from '../../src/runtime/session.ts';

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const network = await openNetwork(faceApiPack.embedders[0]!.network, readConfig());
const pixels = new Uint8Array(150 * 150 * 3);
const { embeddings } = await network.run(pixels, [1, 150, 150, 3]);
await network.close();
process.stdout.write(`${embeddings!.data.length} numbers\n`);
process.stdin.destroy();
