/** How right a model of whole pictures was, as a terminal shows it. */

import type { Classification, LabelFigures } from '../../learn/measure/classification-metrics.ts';
import { estimate, percentage, share } from '../../report/evaluate-numbers.ts';
import { probability, shown } from '../../report/words.ts';
import { out, print } from '../terminal/output.ts';

/** Longer lists are in the page and in the JSON. */
const mostLabels = 20;
const mostMistakes = 10;

/** @param say gets one line at a time */
export function sayClassification(c: Classification, say: (line?: string) => void = print): void {
  const row = (name: string, value: string): void => say(`  ${name.padEnd(36)} ${value}`);
  row('right label (accuracy)', share(c.accuracy));
  if (c.topFive) row('right label among the five likeliest', share(c.topFive));
  row('cross-entropy, in nats', c.crossEntropy.toFixed(3).padStart(7));
  row('calibration error', estimate(c.calibration.error));
  sayLabels(c.labels, say);
  if (c.mistakes.length === 0) return;
  say(`\n${out.yellow(`Called wrongly: ${c.mistakes.length}, the surest first`)}`);
  for (const { path, label, answer, probability: p, runnerUp } of c.mistakes.slice(0, mostMistakes)) {
    say(
      `  ${shown(path)}: is ${shown(label)}, called ${shown(answer)} (${probability(p)}), next ${shown(runnerUp.label)} (${probability(runnerUp.probability)})`,
    );
  }
  if (c.mistakes.length > mostMistakes) say(`  and ${c.mistakes.length - mostMistakes} more`);
}

/** Those that do worst where there are many: what a person wants to mend. */
function sayLabels(labels: readonly LabelFigures[], say: (line?: string) => void): void {
  const seen = labels.filter(({ examples }) => examples > 0);
  const many = seen.length > mostLabels;
  const worst = seen.toSorted((a, b) => a.recall!.value - b.recall!.value).slice(0, mostLabels);
  const listed = many ? worst : labels;
  const width = Math.min(36, Math.max(8, ...listed.map(({ label }) => shown(label).length)));
  say(`\n${many ? `The ${mostLabels} labels most often missed, of ${labels.length}` : 'Each label'}`);
  say(
    out.dim(
      `  ${''.padEnd(width)} ${'examples'.padStart(9)} ${'recall'.padStart(8)} ${'precision'.padStart(10)}`,
    ),
  );
  for (const { label, examples, recall, precision } of listed) {
    const cells = [
      String(examples).padStart(9),
      (recall ? percentage(recall.value) : '–').padStart(8),
      (precision ? percentage(precision.value) : '–').padStart(10),
    ];
    say(`  ${shown(label).padEnd(width)} ${cells.join(' ')}`);
  }
}
