/** The conditions of a search as chips: those that are chosen, and those with which it could go on. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { answered, client, type Facet } from '../api.ts';
import { useLoaded } from '../load.ts';
import { conditionsOf } from '../query.ts';

/** More of a kind are shown if somebody asks for them. */
const few = 8;

export function Chips(props: { readonly query: string; readonly onToggle: (condition: string) => void }) {
  const { query, onToggle } = props;
  const { answer } = useFacets(query);
  const chosen = conditionsOf(query);
  if (!answer) return null;
  const rows: readonly (readonly [string, readonly Facet[]])[] = [
    ['People', answer.people],
    ['Years', answer.years],
    ['Folders', answer.folders],
    ['More', answer.others],
  ];
  return (
    <div class="facets">
      {chosen.length > 0 && (
        <ChipRow label="Chosen">
          {chosen.map((condition) => (
            <button key={condition} type="button" aria-pressed="true" onClick={() => onToggle(condition)}>
              {condition}
            </button>
          ))}
        </ChipRow>
      )}
      {rows.map(([label, facets]) => (
        <FacetRow
          key={label}
          label={label}
          facets={facets.filter((facet) => !chosen.includes(facet.query))}
          onToggle={onToggle}
        />
      ))}
    </div>
  );
}

/** Undefined if the search makes no sense: the line below the field tells why. */
function useFacets(query: string) {
  return useLoaded(
    () => answered(client.GET('/api/v1/photos/facets', { params: { query: { q: query } } })),
    `facets ${query}`,
  );
}

function ChipRow({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="chips" role="group" aria-label={label}>
      <span class="chips-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

function FacetRow(props: {
  readonly label: string;
  readonly facets: readonly Facet[];
  readonly onToggle: (condition: string) => void;
}) {
  const { label, facets, onToggle } = props;
  const [showsAll, setShowsAll] = useState(false);
  if (facets.length === 0) return null;
  const hidden = facets.length - few;
  return (
    <ChipRow label={label}>
      {(showsAll ? facets : facets.slice(0, few)).map((facet) => (
        <button key={facet.query} type="button" aria-pressed="false" onClick={() => onToggle(facet.query)}>
          {facet.label} <small>{facet.photos.toLocaleString('en')}</small>
        </button>
      ))}
      {hidden > 0 && (
        <button type="button" class="plain" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Fewer' : `${hidden} more`}
        </button>
      )}
    </ChipRow>
  );
}
