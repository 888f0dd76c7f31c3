/** Whether probabilities mean what they state: a diagram, and the same as a table. */

import type { Answer } from '../api.ts';

type Calibrated = Answer<'Calibration'>;

const side = 260;
const margin = 34;

export function Calibration({ calibration }: { readonly calibration: Calibrated }) {
  const { bins, error } = calibration;
  const at = (share: number): number => margin + share * (side - margin - 8);
  const up = (share: number): number => side - at(share);
  return (
    <div class="calibration">
      <figure>
        <svg
          viewBox={`0 0 ${side} ${side}`}
          role="img"
          aria-label={`Stated probability against the share that came true, in ${bins.length === 1 ? 'one bin' : `${bins.length} bins`}; the table has the numbers`}
        >
          {[0, 0.5, 1].map((share) => (
            <g key={share} class="grid">
              <line x1={at(share)} x2={at(share)} y1={up(0)} y2={up(1)} />
              <line x1={at(0)} x2={at(1)} y1={up(share)} y2={up(share)} />
              <text x={at(share)} y={side - 12} text-anchor="middle">
                {share}
              </text>
              <text x={margin - 6} y={up(share) + 4} text-anchor="end">
                {share}
              </text>
            </g>
          ))}
          <line class="right" x1={at(0)} y1={up(0)} x2={at(1)} y2={up(1)} />
          {bins.map(({ stated, observed, low, high }) => (
            <g key={stated} class="bin">
              <line x1={at(stated)} x2={at(stated)} y1={up(low)} y2={up(high)} />
              <circle cx={at(stated)} cy={up(observed)} r="5" />
            </g>
          ))}
        </svg>
        <figcaption>Across: stated. Upwards: came true. The dashed line is perfect.</figcaption>
      </figure>
      <div>
        <p>
          Stated and true differ by {percentage(error)} on average. The interval holds the true share in 95 of
          100 such measurements.
        </p>
        <table>
          <thead>
            <tr>
              <th scope="col">stated</th>
              <th scope="col">came true</th>
              <th scope="col">interval</th>
              <th scope="col">answers</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(({ stated, observed, low, high, answers }) => (
              <tr key={stated}>
                <th scope="row">{percentage(stated)}</th>
                <td>{percentage(observed)}</td>
                <td>
                  {percentage(low)} to {percentage(high)}
                </td>
                <td>{answers}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** A measured share: only none is 0, and only all is 100. */
export function percentage(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${(share * 100).toFixed(1)} %`;
}
