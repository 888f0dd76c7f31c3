/** Draws curves with uPlot, which is loaded on the screens that need it alone. */

import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Curve, CurvePoint } from './curve.ts';

export type Figure = 'Accuracy' | 'CrossEntropy';

export interface Chart {
  draw(curve: Curve): void;
  remove(): void;
}

const height = 260;

/** In the colours of the page, which change with dark and light. */
export function openChart(place: HTMLElement, figure: Figure): Chart {
  let curve: Curve = { across: 'step', points: [] };
  let chart: UPlot | undefined;

  const make = (): void => {
    chart?.destroy();
    const colour = (name: string): string => getComputedStyle(place).getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--soft'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const isStrength = curve.across === 'strength';
    chart = new UPlot(
      {
        width: place.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_, low, high) => rangeOf(figure, low, high) } },
        axes: [
          {
            ...axis,
            size: 32,
            ...(isStrength && {
              splits: () => curve.points.map((_, i) => i),
              values: () => curve.points.map(nameOf),
            }),
          },
          { ...axis, size: 56 },
        ],
        series: [
          {},
          // Told apart by their lines too.
          { stroke: colour('--soft'), width: 2, dash: [2, 5], points: { show: isStrength } },
          { stroke: colour('--accent'), width: 2, spanGaps: true, points: { show: isStrength } },
        ],
      },
      dataOf(curve, figure),
      place,
    );
  };
  const onScheme = (): void => make();
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', onScheme);
  const sized = new ResizeObserver(() => chart?.setSize({ width: place.clientWidth, height }));
  sized.observe(place);
  make();
  return {
    draw(next) {
      const isOther = next.across !== curve.across || next.across === 'strength';
      curve = next;
      if (isOther) make();
      else chart?.setData(dataOf(curve, figure));
    },
    remove() {
      sized.disconnect();
      scheme.removeEventListener('change', onScheme);
      chart?.destroy();
    },
  };
}

function rangeOf(figure: Figure, low: number, high: number): UPlot.Range.MinMax {
  if (figure === 'Accuracy') return [Math.max(0, Math.min(0.9, Math.floor(low * 10) / 10)), 1];
  return [0, Math.max(high * 1.05, 0.01)];
}

function dataOf({ across, points }: Curve, figure: Figure): UPlot.AlignedData {
  return [
    points.map(({ at }, i) => (across === 'step' ? (at ?? 0) : i)),
    points.map((point) => point[`training${figure}`]),
    points.map((point) => point[`validation${figure}`]),
  ];
}

/** The layer that was tried, by its strength. */
function nameOf({ at }: CurvePoint): string {
  return at === null ? 'none' : String(at);
}
