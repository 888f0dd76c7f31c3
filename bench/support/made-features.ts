/**
 * Made bottlenecks that behave like real ones: after a ReLU, so none is negative and many are zero; few directions
 * that matter; classes that lie in groups, as breeds of dogs do; and examples that lie nearer to another class.
 */

import { seededRandom } from '../../src/core/random.ts';
import type { LabelledVectors } from '../../src/learn/layer/labelled-vectors.ts';
import { GraphWriter } from '../../src/models/graph/writer.ts';
import { openComputation } from '../../src/runtime/computation.ts';

/** Directions that matter; the j-th is 1/√j as long as the first. */
const latent = 256;

export async function madeFeatures(
  examples: number,
  size: number,
  classes: number,
  seed = 1,
): Promise<LabelledVectors> {
  const normal = normals(seed);
  const draw = (count: number, scale: (i: number) => number = () => 1): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => scale(i) * normal());
  const groups = Math.ceil(Math.sqrt(classes));
  const groupMiddles = draw(groups * latent, (i) => 0.7 / Math.sqrt(1 + (i % latent) / 4));
  const middles = draw(classes * latent, (i) => 0.6 / Math.sqrt(1 + (i % latent) / 4));
  const labels = Array.from({ length: examples }, (_, i) => i % classes);
  const hidden = draw(examples * latent, (i) => 1 / Math.sqrt(1 + (i % latent) / 4));
  for (const [i, label] of labels.entries()) {
    for (let j = 0; j < latent; j++) {
      hidden[i * latent + j]! += middles[label * latent + j]! + groupMiddles[(label % groups) * latent + j]!;
    }
  }
  const g = new GraphWriter('made-features');
  const directions = g.floats(
    [latent, size],
    draw(latent * size, () => 1 / 4),
  );
  const noise = g.input('noise', 'float32', ['n', size]);
  const sum = g.node('Add', [
    g.node('MatMul', [g.input('hidden', 'float32', ['n', latent]), directions]),
    noise,
  ]);
  g.output('features', g.node('Relu', [sum]), 'float32', ['n', size]);
  const computation = await openComputation(g.toBytes(), { threads: 2 });
  // Units are on for a third of the pictures or so, some more often than others.
  const bias = draw(size, () => 0.3).map((value) => value - 0.4);
  const { features } = await computation.run({
    hidden: { shape: [examples, latent], data: hidden },
    noise: {
      shape: [examples, size],
      data: draw(examples * size, () => 0.3).map((value, i) => value + bias[i % size]!),
    },
  });
  await computation.close();
  const all = features!.data as Float32Array;
  return { inputs: labels.map((_, i) => all.subarray(i * size, (i + 1) * size)), labels };
}

/** Normally distributed numbers (Box–Muller). */
function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
