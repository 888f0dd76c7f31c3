/** Shows a training in TensorBoard as retrain.py does: the same curves and histograms under the same tags. */

import { join } from 'node:path';
import type { Head } from '../../learn/layer/head.ts';
import type { Measured } from '../../learn/layer/labelled-vectors.ts';
import type { SgdStep } from '../../learn/layer/sgd.ts';
import { graphOutline } from '../../models/graph/tensorflow/write-graph-def.ts';
import { openEventFile } from './event-file.ts';
import { type SummaryValue, variableSummaries } from './tensorboard-events.ts';

export interface RetrainSummaries {
  add(step: SgdStep): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param graph bytes of the GraphDef that is trained
 * @param now seconds since 1970
 */
export async function openSummaries(
  folder: string,
  graph: Uint8Array,
  now: () => number,
): Promise<RetrainSummaries> {
  const training = await openEventFile(join(folder, 'train'), now);
  const validation = await openEventFile(join(folder, 'validation'), now);
  await training.addGraph(graphOutline(graph));
  return {
    async add({ step, before, batch, head, evaluation }) {
      await training.add(step, summariesOf(before, batch));
      if (evaluation?.validation) await validation.add(step, summariesOf(head, evaluation.validation));
    },
    async close() {
      await training.close();
      await validation.close();
    },
  };
}

function summariesOf({ weights, bias }: Head, measured: Measured): readonly SummaryValue[] {
  return [
    ...variableSummaries('final_training_ops/weights', weights),
    ...variableSummaries('final_training_ops/biases', bias),
    { tag: 'final_training_ops/Wx_plus_b/pre_activations', histogram: measured.logits },
    { tag: 'activations', histogram: measured.probabilities },
    { tag: 'cross_entropy_1', scalar: measured.crossEntropy },
    { tag: 'accuracy_1', scalar: measured.accuracy },
  ];
}
