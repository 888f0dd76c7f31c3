/** Reads the Keras files that it is given, one after another; prints what came of each, as JSON. */

import { readFile } from 'node:fs/promises';
import { reasonOf } from '../../../../src/errors.ts';
import { readGraph } from '../../../../src/models/graph/read-graph.ts';

const answers: string[] = [];
for (const path of process.argv.slice(2)) {
  const read = readGraph('keras-hdf5', [await readFile(path)], 'model');
  answers.push(
    await read.then(
      ({ nodes }) => `${nodes.size} nodes`,
      (error: unknown) => reasonOf(error),
    ),
  );
}
process.stdout.write(JSON.stringify(answers));
