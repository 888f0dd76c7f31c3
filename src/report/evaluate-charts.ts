/** Charts as inline SVG, in the colours of the page, light or dark. */

import type { Calibration } from '../learn/measure/calibration-metrics.ts';
import type { DetPoint } from '../learn/measure/open-set-metrics.ts';
import { type Html, html } from './html.ts';

/** For the pages that show charts. */
export const chartStyle = `
.charts { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)) }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px }
figcaption { color: var(--soft); font-size: 0.85rem; margin-top: 6px }
.chart { width: 100%; height: auto; display: block; font: 12px system-ui, sans-serif }
.chart text { fill: var(--soft) } .chart .label { fill: var(--ink) } .chart .grid { stroke: var(--line) }
.chart .guide { stroke: var(--soft); stroke-dasharray: 4 4 } .chart path { fill: none; stroke-width: 2 }
.chart .known { stroke: var(--known) } .chart .unknown { stroke: var(--unknown) }
.chart .known circle { fill: var(--known) } .chart .unknown circle { fill: var(--unknown) }
.chart circle { fill-opacity: 0.55 } .chart .bar { stroke-opacity: 0.6 }
/* A chart is as wide as a phone then, and its letters shrink with it: 15 look like 12. */
@media (max-width: 480px) { figure { padding: 10px } .chart { font-size: 15px } }
`;

const width = 440;
const height = 380;
/** Room for numbers and names of the axes in letters of a phone. */
const frame = { left: 76, right: 26, top: 14, bottom: 58 };

interface Tick {
  /** The place along the axis, 0 to 1. */
  readonly at: number;
  readonly text: string;
}

interface Axis {
  readonly label: string;
  readonly ticks: readonly Tick[];
}

/** Stated probability against what came true, one mark for each bin; a calibrated model lies on the diagonal. */
export function reliabilityDiagram({ bins }: Calibration, tone: 'known' | 'unknown', cameTrue: string): Html {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, text: String(at) }));
  const marks = bins.map(
    (bin) => html`
<line class="bar" x1="${x(bin.stated)}" x2="${x(bin.stated)}" y1="${y(bin.low)}" y2="${y(bin.high)}"/>
<circle cx="${x(bin.stated)}" cy="${y(bin.observed)}" r="${(3 + 9 * Math.sqrt(bin.weight)).toFixed(1)}"><title>stated ${bin.stated.toFixed(3)}, came true ${bin.observed.toFixed(3)}: ${bin.count} answers</title></circle>`,
  );
  return chart(
    { label: 'probability that was stated', ticks },
    { label: cameTrue, ticks },
    html`<g class="${tone}"><line class="guide" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>${marks}</g>`,
  );
}

/** The detection error trade-off: enrolled people missed against strangers named, over all thresholds. */
export function detChart(points: readonly DetPoint[], minProbability: number): Html {
  const lowest = Math.min(0.1, ...points.map((point) => point.strangersNamed));
  const decades = Math.max(1, Math.ceil(-Math.log10(lowest) - 1e-9));
  const highest = roundedUp(Math.max(0.01, ...points.map((point) => point.missed)));
  const across = (share: number): number => 1 + Math.log10(share) / decades;
  const steps = points.map(({ strangersNamed, missed }, i) => {
    const before = points[i - 1]?.missed ?? missed;
    const at = x(across(strangersNamed));
    return `${i === 0 ? 'M' : 'L'}${at},${y(before / highest)}L${at},${y(missed / highest)}`;
  });
  // If no stranger is named at the setting, it lies to the left of everything that can be drawn.
  const setting = points.findLast(({ threshold }) => threshold >= minProbability);
  const mark = setting
    ? html`<circle cx="${x(across(setting.strangersNamed))}" cy="${y(setting.missed / highest)}" r="5"><title>names given from ${minProbability} up</title></circle>`
    : html``;
  const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
  return chart(
    {
      label: 'strangers who are given a name',
      ticks: Array.from({ length: decades + 1 }, (_, i) => ({
        at: i / decades,
        text: percent(10 ** (i - decades)),
      })),
    },
    {
      label: 'enrolled people who are not given theirs',
      ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: percent(at * highest) })),
    },
    html`<g class="known"><path d="${steps.join('')}"/>${mark}</g>`,
  );
}

/** The next of 1, 2, 4 or 10 in its decade: quarters of those are short numbers. */
export function roundedUp(share: number): number {
  const decade = 10 ** Math.floor(Math.log10(share));
  return decade * [1, 2, 4, 10].find((step) => share <= step * decade * (1 + 1e-9))!;
}

export function chart(across: Axis, up: Axis, body: Html): Html {
  const [left, right, top, bottom] = [x(0), x(1), y(1), y(0)];
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${up.label} against ${across.label}">
${across.ticks.map(({ at, text }) => html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}"/><text x="${x(at)}" y="${bottom + 20}" text-anchor="middle">${text}</text>`)}
${up.ticks.map(({ at, text }) => html`<line class="grid" x1="${left}" x2="${right}" y1="${y(at)}" y2="${y(at)}"/><text x="${left - 8}" y="${y(at) + 4}" text-anchor="end">${text}</text>`)}
<text class="label" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${across.label}</text>
<text class="label" transform="translate(15 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${up.label}</text>
${body}</svg>`;
}

export function x(at: number): number {
  return rounded(frame.left + at * (width - frame.left - frame.right));
}

export function y(at: number): number {
  return rounded(height - frame.bottom - at * (height - frame.top - frame.bottom));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
