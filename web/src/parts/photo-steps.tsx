/** To the photo before and the one behind, among those that a search found: by a click, or by the arrow keys. */

import { useEffect, useLayoutEffect } from 'preact/hooks';
import { answered, client, type FoundPhoto, photoPicture } from '../api.ts';
import { useLoaded } from '../load.ts';
import { go, route } from '../route.ts';

interface Step {
  readonly photo: FoundPhoto;
  /** Its place among what was found. */
  readonly at: number;
}

/** The address of a photo that remembers the search it was found by. */
export function foundPhoto(sha256: string, query: string, at: number): string {
  return `/photos/${sha256}?${new URLSearchParams({ ...(query !== '' && { q: query }), at: String(at) })}`;
}

/** Nothing for a photo that no search led to. `isOff` while the arrow keys move something else. */
export function PhotoSteps({ sha256, isOff }: { readonly sha256: string; readonly isOff: boolean }) {
  const { before, behind, place } = useNeighbours(sha256);
  const next = behind?.photo.kind === 'photo' ? behind.photo.sha256 : undefined;
  useEffect(() => {
    // It is there when somebody goes on.
    if (next !== undefined) new Image().src = photoPicture(next, 2048);
  }, [next]);
  useLayoutEffect(() => {
    const onKey = ({ key, target, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): void => {
      const isTaken = target instanceof Element && target.closest('input, select, textarea, video');
      if (isOff || isTaken || altKey || ctrlKey || metaKey || shiftKey) return;
      if (key === 'ArrowLeft') stepTo(before);
      if (key === 'ArrowRight') stepTo(behind);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOff, before, behind]);
  if (place === undefined) return null;
  return (
    <div class="steps">
      <StepButton label="Previous photo" sign="‹" step={before} />
      <span>{place}</span>
      <StepButton label="Next photo" sign="›" step={behind} />
    </div>
  );
}

function StepButton(props: {
  readonly label: string;
  readonly sign: string;
  readonly step: Step | undefined;
}) {
  const { label, sign, step } = props;
  return (
    // Not `disabled`: somebody who pressed it until the last photo is still there.
    <button type="button" aria-label={label} aria-disabled={step === undefined} onClick={() => stepTo(step)}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

function stepTo(step: Step | undefined): void {
  if (!step) return;
  const query = route.value.searchParams.get('q') ?? '';
  // "Back" leads to what was found, however many were looked at.
  go(foundPhoto(step.photo.sha256, query, step.at), { replace: true });
}

function useNeighbours(sha256: string) {
  const { searchParams } = route.value;
  const given = searchParams.get('at') ?? '';
  const at = /^\d{1,9}$/.test(given) ? Number(given) : undefined;
  const query = searchParams.get('q') ?? '';
  const from = Math.max(0, (at ?? 0) - 1);
  const { answer } = useLoaded(
    async () =>
      at === undefined
        ? { photos: [], total: 0 }
        : await answered(
            client.GET('/api/v1/photos', { params: { query: { q: query, limit: 3, offset: from } } }),
          ),
    `steps ${query} ${given}`,
  );
  if (at === undefined) return {};
  const { photos = [], total = 0 } = answer ?? {};
  const found = photos.findIndex((photo) => photo.sha256 === sha256);
  // An answer may have taken the photo out of what is searched for: the next one stands in its place then.
  const [left, right] = found === -1 ? [at - 1, at] : [from + found - 1, from + found + 1];
  const step = (place: number): Step | undefined => {
    const photo = photos[place - from];
    return photo && { photo, at: place };
  };
  const [before, behind] = [step(left), step(right)];
  const place =
    found === -1 ? '' : `${(from + found + 1).toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return { before, behind, place };
}
