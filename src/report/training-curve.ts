/** How accuracy and cross-entropy went while a layer was trained, as charts and as a table. */

import type { FitPoint } from '../pictures/fit-layer.ts';
import { chart, roundedUp, x, y } from './evaluate-charts.ts';
import { percentage } from './evaluate-numbers.ts';
import { type Html, html } from './html.ts';

/** Measured after a number of steps, or with one strength. */
export interface CurvePoint {
  readonly at: number;
  readonly trainingAccuracy: number;
  readonly trainingCrossEntropy: number;
  readonly validationAccuracy?: number;
  readonly validationCrossEntropy?: number;
}

export interface TrainingCurve {
  /** The unit of `at`. */
  readonly across: string;
  /** In the order of training. */
  readonly points: readonly CurvePoint[];
  /** The point that was kept. */
  readonly kept?: number | undefined;
  /** `at` is drawn by its logarithm, from high to low. */
  readonly strengths: boolean;
}

/** Strengths that were tried, the strongest first, or the steps of a descent. */
export function curveOfPoints(points: readonly FitPoint[], kept?: FitPoint): TrainingCurve {
  const strengths = points.every(({ l2 }) => l2 !== undefined);
  const at = (point: FitPoint): number => (strengths ? point.l2! : point.steps);
  return {
    across: strengths ? 'how strongly the layer is held back (L2)' : 'step',
    points: points.map((point) => ({ ...point, at: at(point) })),
    kept: kept && at(kept),
    strengths,
  };
}

export function trainingCurve(curve: TrainingCurve): Html {
  const { points, kept, across } = curve;
  if (points.length < 2) return html``;
  const losses = points.flatMap((p) => [p.trainingCrossEntropy, p.validationCrossEntropy ?? 0]);
  const highest = roundedUp(Math.max(1e-3, ...losses));
  return html`<div class="charts">
<figure>${lines(curve, 'accuracy', 1, (p) => [p.trainingAccuracy, p.validationAccuracy])}<figcaption>Accuracy: training <span class="key training"></span>, validation <span class="key validation"></span></figcaption></figure>
<figure>${lines(curve, 'cross-entropy', highest, (p) => [p.trainingCrossEntropy, p.validationCrossEntropy])}<figcaption>Cross-entropy: training <span class="key training"></span>, validation <span class="key validation"></span>${kept === undefined ? '' : '; the dashed upright is what was kept'}</figcaption></figure>
</div>
<details><summary>The same in numbers</summary><div class="scroll"><table>
<tr><th>${across}</th><th>training accuracy</th><th>cross-entropy</th><th>validation accuracy</th><th>cross-entropy</th></tr>
${points.map(
  (p) =>
    html`<tr${{ html: p.at === kept ? ' class="kept"' : '' }}><td>${p.at}</td><td>${percentage(p.trainingAccuracy)}</td><td>${p.trainingCrossEntropy.toFixed(4)}</td><td>${p.validationAccuracy === undefined ? '–' : percentage(p.validationAccuracy)}</td><td>${p.validationCrossEntropy?.toFixed(4) ?? '–'}</td></tr>`,
)}
</table></div></details>`;
}

function lines(
  { points, kept, across, strengths }: TrainingCurve,
  label: string,
  highest: number,
  values: (point: CurvePoint) => readonly [training: number, validation: number | undefined],
): Html {
  const place = (at: number): number => (strengths ? -Math.log(at) : at);
  const [first, last] = [place(points[0]!.at), place(points.at(-1)!.at)];
  const atX = (at: number): number => x((place(at) - first) / (last - first || 1));
  const drawn = ['training', 'validation'].map((tone, i) => {
    const dots = points.flatMap((point) => {
      const value = values(point)[i];
      return value === undefined ? [] : [[atX(point.at), y(value / highest)] as const];
    });
    if (dots.length === 0) return html``;
    return html`<g class="${tone}"><path d="M${dots.map((dot) => dot.join(',')).join('L')}"/>${dots.map(([cx, cy]) => html`<circle cx="${cx}" cy="${cy}" r="3"/>`)}</g>`;
  });
  const mark =
    kept === undefined
      ? html``
      : html`<line class="guide" x1="${atX(kept)}" x2="${atX(kept)}" y1="${y(0)}" y2="${y(1)}"/>`;
  const every = Math.ceil(points.length / 5);
  return chart(
    {
      label: across,
      ticks: points
        .filter((_, i) => i % every === 0)
        .map(({ at }) => ({ at: (place(at) - first) / (last - first || 1), text: String(at) })),
    },
    {
      label,
      ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({
        at,
        text: String(Number((at * highest).toPrecision(3))),
      })),
    },
    html`${mark}${drawn}`,
  );
}
