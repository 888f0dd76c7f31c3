/** Measured figures, each with its interval; and the sentences to be read with them. */

import type { Answer } from '../api.ts';
import { percentage } from './calibration.tsx';

export interface MeasuredFigure {
  readonly name: string;
  readonly share: Answer<'Share'> | null;
}

export function Figures({ figures }: { readonly figures: readonly MeasuredFigure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, share }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{share ? percentage(share.value) : '–'}</b>
            <small>
              {share
                ? `${share.hits} of ${share.of}; ${percentage(share.low)} to ${percentage(share.high)}`
                : 'nothing to measure it on'}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Remarks({ remarks }: { readonly remarks: readonly string[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul class="remarks">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}
