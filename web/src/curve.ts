/** The curve of a training, as far as it has come: read anew from the server when the page is, and then point by point. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, answered, client, type Job } from './api.ts';

export type CurvePoint = Answer<'CurvePoint'>;

export interface Curve {
  readonly across: 'step' | 'strength';
  readonly points: readonly CurvePoint[];
}

/** Each event of the job may have brought some. */
export function useCurve({ id, progress, ended }: Job): Curve {
  const [curve, setCurve] = useState<Curve>({ across: 'step', points: [] });
  const known = useRef<readonly CurvePoint[]>([]);
  const reading = useRef(false);
  const again = useRef(false);
  const done = progress?.stage === 'read' ? 0 : (progress?.done ?? 0);

  useEffect(() => {
    const read = async (): Promise<void> => {
      if (reading.current) {
        again.current = true;
        return;
      }
      reading.current = true;
      do {
        again.current = false;
        const after = known.current.length;
        const answer = await answered(
          client.GET('/api/v1/jobs/{id}/curve', { params: { path: { id }, query: { after } } }),
        ).catch(() => undefined);
        if (answer && answer.points.length > 0) {
          known.current = [...known.current, ...answer.points];
          setCurve({ across: answer.across, points: known.current });
        }
      } while (again.current);
      reading.current = false;
    };
    void read();
  }, [id, done, ended]);
  return curve;
}

/** The places of points that are too many to be listed one by one. */
export function everyNth<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(items.length / most);
  return items.filter((_, i) => i % step === 0 || i === items.length - 1);
}
