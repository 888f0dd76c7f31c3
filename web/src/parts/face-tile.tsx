/** A face, as a square. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Face, facePicture } from '../api.ts';
import { day, fileName } from '../words.ts';

/** The words of a screen reader for it: whose face, and from which file and day. */
function describeFace({ file, taken }: Pick<Face, 'file' | 'taken'>, person?: string | null): string {
  const whose = person ?? 'A face';
  return `${whose} in ${file === null ? 'a file that is gone' : fileName(file)}, ${day(taken)}`;
}

export function FacePicture({ face, person }: { readonly face: Face; readonly person?: string | null }) {
  const [isMissing, setMissing] = useState(false);
  const text = describeFace(face, person);
  if (isMissing) {
    return (
      <span class="picture none" role="img" aria-label={text}>
        no picture
      </span>
    );
  }
  return (
    <img
      class="picture"
      src={facePicture(face.face)}
      alt={text}
      title={text}
      width={192}
      height={192}
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
    />
  );
}

/** One that can be chosen. */
export function FaceTile(props: {
  readonly face: Face;
  readonly person?: string | null;
  readonly chosen: boolean;
  readonly onChoose: (range: boolean) => void;
  readonly children?: ComponentChildren;
}) {
  const { face, person = null, chosen, onChoose, children } = props;
  return (
    <button type="button" class="tile" aria-pressed={chosen} onClick={(event) => onChoose(event.shiftKey)}>
      <FacePicture face={face} person={person} />
      {chosen && (
        <span class="mark" aria-hidden="true">
          ✓
        </span>
      )}
      {children}
    </button>
  );
}
