/** The folders that a model is taught or measured with: a path on the machine, or folders that are dropped here. */

import { useId } from 'preact/hooks';
import { fromDrop, fromField, type Labelled } from '../dropped.ts';
import { told } from '../said.ts';
import { count } from '../words.ts';
import { DropZone } from './drop-zone.tsx';

export type Source = { readonly folder: string } | { readonly labels: readonly Labelled[] };

/** A name that the source suggests. */
export function suggestedName(source: Source | undefined): string {
  if (source === undefined || !('folder' in source)) return '';
  const last = /[^\\/]+(?=[\\/]*$)/.exec(source.folder)?.[0] ?? '';
  return last
    .replaceAll(/[^a-z0-9._-]+/gi, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 40);
}

export function FolderSource(props: {
  readonly source: Source | undefined;
  readonly onSource: (source: Source | undefined) => void;
  /** `person`, `label` */
  readonly each: string;
}) {
  const { source, onSource, each } = props;
  const [id, about] = [useId(), useId()];
  const take = (labels: readonly Labelled[]): void => {
    if (labels.length > 0) onSource({ labels });
    else told(new Error(`There is no folder of pictures in it: drop one folder for each ${each}.`));
  };
  if (source && 'labels' in source)
    return <Taken labels={source.labels} onOther={() => onSource(undefined)} />;
  return (
    <DropZone onDropped={(dropped) => void fromDrop(dropped).then(take, told)}>
      <label for={id}>Folder on this machine</label>
      <input
        id={id}
        aria-describedby={about}
        placeholder="/home/you/photos"
        value={source?.folder ?? ''}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          const folder = event.currentTarget.value;
          onSource(folder.trim() === '' ? undefined : { folder });
        }}
      />
      <span>
        or drop folders here, or{' '}
        <label class="button file">
          choose one
          <input
            type="file"
            multiple
            {...{ webkitdirectory: true }}
            onChange={(event) => take(fromField(event.currentTarget.files!))}
          />
        </label>
      </span>
      <p id={about} class="hint">
        One folder for each {each}, with its pictures in it; one called <b>unknown</b> may hold{' '}
        {each === 'person' ? 'strangers' : 'pictures of none of them'}. Dropped pictures are put into a
        temporary folder and removed when the work is done.
      </p>
    </DropZone>
  );
}

function Taken(props: { readonly labels: readonly Labelled[]; readonly onOther: () => void }) {
  const { labels, onOther } = props;
  const pictures = labels.reduce((sum, { files }) => sum + files.length, 0);
  return (
    <div class="drop-zone taken">
      <p>
        <b>{count(pictures, 'picture')}</b> in {count(labels.length, 'folder')}:{' '}
        {labels
          .slice(0, 12)
          .map(({ label, files }) => `${label} (${files.length})`)
          .join(', ')}
        {labels.length > 12 && ` and ${labels.length - 12} more`}
      </p>
      <button type="button" class="plain" onClick={onOther}>
        Other pictures
      </button>
    </div>
  );
}
