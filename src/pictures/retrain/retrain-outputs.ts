/** The two files that retrain.py ends with. Other files under their names are not overwritten. */

import { readFile, stat } from 'node:fs/promises';
import { WhosinError } from '../../errors.ts';
import { readGraphDef } from '../../models/graph/tensorflow/tensorflow-graph.ts';
import { checkWritable, writeFileAtomically } from '../../runtime/atomic-file.ts';

export interface RetrainOutputs {
  readonly outputGraph: string;
  readonly outputLabels: string;
}

/** Throws `cannot-write` where they could not be written: before long work, rather than after it. */
export async function checkOutputs({ outputGraph, outputLabels }: RetrainOutputs): Promise<void> {
  await refuseOther(outputGraph, 'a TensorFlow graph', (bytes) => {
    try {
      return readGraphDef(bytes, outputGraph).nodes.size > 0;
    } catch {
      return false;
    }
  });
  await refuseOther(outputLabels, 'a list of labels', (bytes) =>
    /^[a-z0-9 \n]*$/.test(new TextDecoder().decode(bytes)),
  );
  await checkWritable(outputGraph);
  await checkWritable(outputLabels);
}

/** @param graph bytes of the GraphDef */
export async function writeOutputs(
  { outputGraph, outputLabels }: RetrainOutputs,
  graph: Uint8Array,
  labels: readonly string[],
): Promise<void> {
  await writeFileAtomically(outputGraph, graph);
  await writeFileAtomically(outputLabels, `${labels.join('\n')}\n`);
}

async function refuseOther(path: string, what: string, is: (bytes: Uint8Array) => boolean): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  // Pipes and devices are refused by whoever writes; reading one here could wait for ever.
  if (!info?.isFile() || info.size === 0) return;
  const there = await readFile(path).catch(() => undefined);
  if (there === undefined || is(there)) return;
  throw new WhosinError('cannot-write', `${path} exists and is not ${what}: give another name.`);
}
