/**
 * Full-batch Adam or gradient descent in TensorFlow.js on the examples of bench/head.ts: when the loss was reached. The gradient is written out, which spares it the automatic one. In Node its WebAssembly has SIMD and one thread.
 * Prints JSON.
 *
 *   node --import tsx bench/support/head-tfjs.ts cpu|wasm adam|momentum RATE CAP EXAMPLES SIZE CLASSES L2 TARGET FEATURES LABELS
 */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const [backend, method, ...rest] = process.argv.slice(2);
const [rate, cap, n, size, classes, l2, target] = rest.slice(0, 7).map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const [features, names] = rest.slice(7).map((path) => Uint8Array.from(readFileSync(path)).buffer);
const folder = dirname(new URL(import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname);
setWasmPaths(`${folder}/`);
await tf.setBackend(backend!);
await tf.ready();

const raw = tf.tensor2d(new Float32Array(features!), [n, size]);
const began = performance.now();
const elapsed = (): number => (performance.now() - began) / 1000;
const inputs = tf.tidy(() => {
  const off = raw.sub(raw.mean(0));
  return off.div(off.square().mean(0).sqrt());
}) as tf.Tensor2D;
const right = tf.oneHot(tf.tensor1d(new Int32Array(names!), 'int32'), classes).toFloat();
const weights = tf.variable(tf.zeros([size, classes])) as tf.Variable<tf.Rank.R2>;
const bias = tf.variable(tf.zeros([classes]));
const optimizer = method === 'adam' ? tf.train.adam(rate) : tf.train.momentum(rate, 0.9, true);
let [steps, best] = [0, Infinity];
let reached: number | null = null;
while (elapsed() < cap) {
  const loss = tf.tidy(() => {
    const p = tf.softmax(tf.matMul(inputs, weights).add(bias));
    const error = p.sub(right).div(n) as tf.Tensor2D;
    const before = p
      .mul(right)
      .sum(1)
      .log()
      .mean()
      .neg()
      .add(
        weights
          .square()
          .sum()
          .mul(l2 / 2),
      );
    // An optimizer takes gradients by the names of its variables.
    optimizer.applyGradients({
      [weights.name]: tf.matMul(inputs, error, true).add(weights.mul(l2)),
      [bias.name]: error.sum(0),
    });
    return before;
  });
  steps++;
  const value = (await loss.data())[0]!;
  loss.dispose();
  best = Math.min(best, value);
  if (value <= target) {
    reached = elapsed();
    break;
  }
  if (!Number.isFinite(value)) break;
}
process.stdout.write(JSON.stringify({ reached, steps, best, ended: elapsed() }));
