/** The page about a model of whole pictures: the numbers, and every mistake to look at. */

import type { Classification, WrongAnswer } from '../learn/measure/classification-metrics.ts';
import type { SkippedPhoto } from '../photos/read-dataset.ts';
import { confusion, confusionStyle } from './confusion-table.ts';
import { chartStyle, reliabilityDiagram } from './evaluate-charts.ts';
import { percentage, range } from './evaluate-numbers.ts';
import { number, picture, reportStyle, stat } from './evaluate-page.ts';
import { type Html, html, page } from './html.ts';
import { type TrainingCurve, trainingCurve } from './training-curve.ts';
import { probability, shown } from './words.ts';

export interface ClassificationReport {
  readonly title: string;
  /** The measurement and its photos, in a sentence. */
  readonly headline: string;
  /** Sentences that a reader has to know before believing the numbers. */
  readonly remarks: readonly string[];
  /** null if no picture was left to measure with */
  readonly measured: Classification | null;
  readonly curve?: TrainingCurve | undefined;
  readonly skipped: readonly SkippedPhoto[];
}

/** A page with thousands of pictures opens in no browser; the rest is in the JSON. */
const mostPictures = 60;

const style = `
.chart .training { stroke: var(--soft) } .chart .training circle { fill: var(--soft) }
.chart .training path { stroke-dasharray: 2 4; stroke-linecap: round }
.chart .validation { stroke: var(--known) } .chart .validation circle { fill: var(--known) }
.key { display: inline-block; width: 22px; height: 3px; border-radius: 2px; vertical-align: middle }
.key.training { background: none; height: 0; border-top: 3px dotted var(--soft) } .key.validation { background: var(--known) }
summary { cursor: pointer; color: var(--soft); margin: 8px 0 } tr.kept td { color: var(--known) }
.faces img { height: 132px; max-width: 210px; object-fit: cover } .one { max-width: 560px }
`;

/**
 * @param photo the address of a small copy of the picture that a mistake's `path` means; undefined if it is gone
 */
export async function classificationPage(
  { title, headline, remarks, measured, curve, skipped }: ClassificationReport,
  photo: (path: string) => Promise<string | undefined>,
): Promise<string> {
  return page(
    title,
    html`
<h1>How right are the answers?</h1>
<p>${headline}. In brackets: the interval that holds the true value in 95 of 100 such measurements.</p>
<ul class="remarks">${remarks.map((remark) => html`<li>${remark}</li>`)}</ul>
${measured ? await figures(measured, photo) : html`<p>No pictures were left to measure with.</p>`}
${curve ? html`<h2>Training</h2>${trainingCurve(curve)}` : html``}
${skipped.length > 0 ? html`<h2>Left out: ${skipped.length}</h2><ul>${skipped.map(({ path, reason }) => html`<li>${shown(`${path} ${reason}`)}</li>`)}</ul>` : html``}
`,
    chartStyle + reportStyle + confusionStyle + style,
  );
}

async function figures(
  c: Classification,
  photo: (path: string) => Promise<string | undefined>,
): Promise<Html> {
  return html`
<div class="stats">
${stat('right label (accuracy)', c.accuracy)}${c.topFive ? stat('right label among the five likeliest', c.topFive) : html``}
${plain('cross-entropy', c.crossEntropy.toFixed(3), `in nats; knowing nothing would be ${Math.log(c.labels.length).toFixed(3)}`)}
${number('calibration error', c.calibration.error)}
</div>

<h2>Each label</h2>
<p>Recall: of the pictures of the label, the share that was called so. Precision: of what was called so, the share that was right.</p>
<div class="scroll"><table><tr><th>label</th><th>pictures</th><th>recall</th><th></th><th>precision</th><th></th></tr>
${c.labels.map(({ label, examples, recall, precision }) => html`<tr><td>${shown(label)}</td><td>${examples}</td><td>${recall ? percentage(recall.value) : '–'}</td><td>${recall ? range(recall) : ''}</td><td>${precision ? percentage(precision.value) : '–'}</td><td>${precision ? `${range(precision)} of ${precision.of}` : ''}</td></tr>`)}
</table></div>

<h2>Which labels are confused</h2>
${confusion(c)}

<h2>Probabilities</h2>
<p>About ninety of a hundred answers at 0.9 should be right. Marks on the dashed line are; each stands for about as many answers as the others.</p>
<div class="charts one"><figure>${reliabilityDiagram(c.calibration, 'known', 'share that was right')}<figcaption>${c.calibration.bins.length === 1 ? 'One bin' : `${c.calibration.bins.length} bins`} of ${c.accuracy.of} answers, lines show 95 % intervals.</figcaption></figure></div>

${await mistakes(c.mistakes, photo)}`;
}

async function mistakes(
  all: readonly WrongAnswer[],
  photo: (path: string) => Promise<string | undefined>,
): Promise<Html> {
  if (all.length === 0) return html``;
  const cards: Html[] = [];
  for (const m of all.slice(0, mostPictures)) {
    cards.push(html`<div>${picture(await photo(m.path), `${shown(m.label)}, called ${shown(m.answer)}: ${shown(m.path)}`)}<b>${shown(m.label)}</b> → <b>${shown(m.answer)}</b> ${probability(m.probability)}
<small>${m.runnerUp.label === m.label ? 'next the right one' : `next ${shown(m.runnerUp.label)}`} ${probability(m.runnerUp.probability)}${m.runnerUp.label === m.label ? '' : `, the right one ${probability(m.probabilityOfRight)}`}</small><small>${shown(m.path)}</small></div>`);
  }
  const rest =
    all.length > mostPictures ? ` The first ${mostPictures} of ${all.length}; all are in the JSON.` : '';
  return html`<h2>Called wrongly: ${all.length}</h2>
<p>Right label → answer and its probability, the surest first: where a picture lies in the wrong folder, it is among them.${rest}</p>
<div class="faces">${cards}</div>`;
}

function plain(label: string, value: string, detail: string): Html {
  return html`<div class="stat"><span>${label}</span><b>${value}</b><small>${detail}</small></div>`;
}
