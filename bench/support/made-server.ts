/** The server on an album of made photos, until it is killed: `node --import tsx bench/support/made-server.ts FOLDER`. */

import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { serve } from '../../src/server/serve.ts';
import { openMade } from '../../test/album/kill-trial.ts';
import { madeConfig } from '../../test/album/made-album.ts';

const [folder] = process.argv.slice(2) as [string];
const token = 'the-token-of-this-bench';
const album = await openMade(folder);
const server = await serve(album, {
  config: madeConfig(folder),
  version: '0',
  write: writeFileAtomically,
  token,
  roots: [folder],
});
process.stdout.write(`${JSON.stringify({ address: server.address, token })}\n`);
