/** Photos by time: all of them, or those that a search finds. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { answered, client, type FoundPhoto, photoPicture } from '../api.ts';
import { revision } from '../changes.ts';
import { Chips } from '../parts/chips.tsx';
import { foundPhoto } from '../parts/photo-steps.tsx';
import { VirtualGrid } from '../parts/virtual-grid.tsx';
import { Welcome } from '../parts/welcome.tsx';
import { toggled } from '../query.ts';
import { go, route } from '../route.ts';
import { count, day, fileName } from '../words.ts';

const pageSize = 200;

/** Milliseconds after which a jump is over. */
const rest = 60;

export function Photos() {
  const query = route.value.searchParams.get('q') ?? '';
  const { photo, total, meaning, error, onRange } = usePhotos(query);
  if (total === 0 && query === '') return <Welcome />;
  return (
    <>
      <header class="title">
        <h1>Photos</h1>
        <SearchField query={query} />
        <p aria-live="polite">
          {error ? (
            <span class="failed">{error}</span>
          ) : total === undefined ? (
            'Searching …'
          ) : (
            <>
              {count(total, 'photo or video', 'photos and videos')}
              {meaning.length > 0 && `: ${meaning.join('; ')}`}
            </>
          )}
        </p>
      </header>
      {total !== undefined && total > 0 && (
        <VirtualGrid
          total={total}
          least={innerWidth > 1800 ? 220 : 150}
          onRange={onRange}
          cell={(i) => <PhotoCell photo={photo(i)} query={query} at={i} />}
        />
      )}
      {total === 0 && query !== '' && (
        <p class="hint">Take away a condition above, or search for something else.</p>
      )}
    </>
  );
}

function PhotoCell(props: {
  readonly photo: FoundPhoto | undefined;
  readonly query: string;
  /** Its place among what was found. */
  readonly at: number;
}) {
  const { photo, query, at } = props;
  if (!photo) return <span class="picture none" aria-hidden="true" />;
  const { sha256, file, taken, people, kind } = photo;
  const names = people.map(({ person }) => person).join(', ');
  const text = `${names === '' ? fileName(file) : names}, ${day(taken)}${kind === 'video' ? ', a video' : ''}`;
  return (
    <a href={foundPhoto(sha256, query, at)} title={`${fileName(file)}, ${day(taken)}`}>
      <img src={photoPicture(sha256, 256)} alt={text} loading="lazy" decoding="async" />
      {kind === 'video' && (
        <span class="mark" aria-hidden="true">
          ▶
        </span>
      )}
    </a>
  );
}

function SearchField({ query }: { readonly query: string }) {
  const [text, setText] = useState(query);
  useEffect(() => setText(query), [query]);
  const search = (q: string): void =>
    go(q.trim() === '' ? '/photos' : `/photos?q=${encodeURIComponent(q.trim())}`);
  return (
    <search>
      <form
        class="name-field wide"
        onSubmit={(event) => {
          event.preventDefault();
          search(text);
        }}
      >
        <input
          type="search"
          aria-label="Search"
          placeholder="Grandma and Ann, not Bob, 2019"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="first">
          Search
        </button>
      </form>
      <Chips query={query} onToggle={(condition) => search(toggled(query, condition))} />
    </search>
  );
}

/** Pages that were read, by their numbers; those around what is seen are read when it is. */
function usePhotos(query: string) {
  const pages = useRef(new Map<number, readonly FoundPhoto[] | 'reading'>());
  const [found, setFound] = useState<{ readonly total: number; readonly meaning: readonly string[] }>();
  const [error, setError] = useState<string>();
  const [, draw] = useState(0);
  const turn = useRef(0);

  const read = useCallback(
    async (page: number): Promise<void> => {
      if (pages.current.has(page)) return;
      pages.current.set(page, 'reading');
      const own = turn.current;
      try {
        const answer = await answered(
          client.GET('/api/v1/photos', {
            params: { query: { q: query, limit: pageSize, offset: page * pageSize } },
          }),
        );
        if (own !== turn.current) return;
        pages.current.set(page, answer.photos);
        setError(undefined);
        setFound({ total: answer.total, meaning: answer.meaning });
        draw((n) => n + 1);
      } catch (failure) {
        if (own === turn.current) setError((failure as Error).message);
      }
    },
    [query],
  );

  useEffect(() => {
    turn.current++;
    pages.current = new Map();
    setError(undefined);
    void read(0);
  }, [query, revision.value, read]);

  const near = useRef(0);
  const resting = useRef<ReturnType<typeof setTimeout>>();
  const onRange = useCallback(
    (from: number, until: number) => {
      const readRange = (): void => {
        for (let page = Math.floor(from / pageSize); page * pageSize < until; page++) void read(page);
      };
      clearTimeout(resting.current);
      // Who pulls the bar through ten thousands of photos looks at those where it comes to rest.
      if (Math.abs(from - near.current) < pageSize) readRange();
      else resting.current = setTimeout(readRange, rest);
      near.current = from;
    },
    [read],
  );
  const photo = (index: number): FoundPhoto | undefined => {
    const page = pages.current.get(Math.floor(index / pageSize));
    return page === 'reading' ? undefined : page?.[index % pageSize];
  };
  return {
    photo,
    total: error === undefined ? found?.total : undefined,
    meaning: found?.meaning ?? [],
    error,
    onRange,
  };
}
