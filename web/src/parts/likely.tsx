/** Who it may be, as buttons. */

import { percent } from '../words.ts';

export function LikelyNames(props: {
  readonly likely: readonly { readonly person: string; readonly probability: number }[];
  readonly onChoose: (person: string) => void;
  /** Shows the key of each. */
  readonly keys?: boolean;
}) {
  const { likely, onChoose, keys = false } = props;
  if (likely.length === 0) return null;
  return (
    <span class="likely">
      {likely.map(({ person, probability }, i) => (
        <button key={person} type="button" onClick={() => onChoose(person)}>
          {keys && i < 9 && <kbd>{i + 1}</kbd>}
          {person} <small>{percent(probability)}</small>
        </button>
      ))}
    </span>
  );
}
