/** Accuracy and cross-entropy of a training: drawn, in a sentence for those who cannot see it, and as a table. */

import { useEffect, useRef } from 'preact/hooks';
import { type Curve, everyNth } from '../curve.ts';
import type { Chart, Figure } from '../curve-chart.ts';

const words = { Accuracy: 'Accuracy', CrossEntropy: 'Cross-entropy' } as const;

export function CurveView({ curve }: { readonly curve: Curve }) {
  const last = curve.points.at(-1);
  if (!last) return null;
  const at = curve.across === 'step' ? 'step' : 'held back by';
  return (
    <>
      <div class="curves">
        {(['Accuracy', 'CrossEntropy'] as const).map((figure) => (
          <figure key={figure}>
            <figcaption>
              <b>{words[figure]}</b>
              <span class="key training">training</span>
              <span class="key validation">held-out pictures</span>
            </figcaption>
            <Drawn curve={curve} figure={figure} />
          </figure>
        ))}
      </div>
      <details>
        <summary>The same in numbers</summary>
        {/* biome-ignore lint: a long table is scrolled by keyboard */}
        <section class="scroll" tabIndex={0} aria-label="The curve in numbers">
          <table>
            <thead>
              <tr>
                <th scope="col">{at}</th>
                <th scope="col">training accuracy</th>
                <th scope="col">cross-entropy</th>
                <th scope="col">held-out accuracy</th>
                <th scope="col">cross-entropy</th>
              </tr>
            </thead>
            <tbody>
              {everyNth(curve.points, 40).map((point) => (
                <tr key={point.at}>
                  <th scope="row">{point.at ?? 'no layer'}</th>
                  <td>{share(point.trainingAccuracy)}</td>
                  <td>{point.trainingCrossEntropy.toFixed(3)}</td>
                  <td>{share(point.validationAccuracy)}</td>
                  <td>{point.validationCrossEntropy?.toFixed(3) ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}

function Drawn({ curve, figure }: { readonly curve: Curve; readonly figure: Figure }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>();
  const newest = useRef(curve);
  newest.current = curve;

  useEffect(() => {
    let isGone = false;
    const open = async (): Promise<void> => {
      const { openChart } = await import('../curve-chart.ts');
      if (isGone || place.current === null) return;
      chart.current = openChart(place.current, figure);
      chart.current.draw(newest.current);
    };
    void open();
    return () => {
      isGone = true;
      chart.current?.remove();
    };
  }, [figure]);
  useEffect(() => chart.current?.draw(curve), [curve]);

  const [first, last] = [curve.points[0]!, curve.points.at(-1)!];
  const shown = (value: number | null): string =>
    value === null ? 'not measured' : figure === 'Accuracy' ? share(value) : value.toFixed(3);
  const about = `${words[figure]}: training from ${shown(first[`training${figure}`])} to ${shown(last[`training${figure}`])}, held-out pictures from ${shown(first[`validation${figure}`])} to ${shown(last[`validation${figure}`])}`;
  return <div class="chart" role="img" aria-label={about} ref={place} />;
}

/** `93.1 %` */
function share(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)} %`;
}
