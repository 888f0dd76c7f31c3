/** Begins an evaluation: a model, and labelled photos that it was not taught with. */

import { useState } from 'preact/hooks';
import { answered, client } from '../api.ts';
import { jobs } from '../changes.ts';
import { upload } from '../dropped.ts';
import { aboutModel, type Model } from '../models.ts';
import { go } from '../route.ts';
import { told } from '../said.ts';
import { count } from '../words.ts';
import { FolderSource, type Source } from './folder-source.tsx';

/** @param props.models the first one is chosen */
export function EvaluateForm({ models }: { readonly models: readonly Model[] }) {
  const [chosen, setChosen] = useState<string>();
  const [source, setSource] = useState<Source>();
  const [busy, setBusy] = useState<string>();
  const model = models.find(({ name }) => name === chosen) ?? models[0];
  if (!model) return null;

  const begin = async (): Promise<void> => {
    if (source === undefined || busy !== undefined) return;
    setBusy('Starting …');
    try {
      const sent = (done: number, total: number): void =>
        setBusy(`Sending ${done} of ${count(total, 'picture')} …`);
      const from =
        'folder' in source ? { folder: source.folder.trim() } : { drop: await upload(source.labels, sent) };
      const path = { name: model.name };
      const job = await answered(
        client.POST('/api/v1/models/{name}/evaluations', { params: { path }, body: { from } }),
      );
      if (!jobs.value.some((one) => one.id === job.id)) jobs.value = [job, ...jobs.value];
      go(`/teach/jobs/${job.id}`);
    } catch (error) {
      told(error);
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <form
      class="teach-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      {models.length > 1 && (
        <div class="fields">
          <label>
            Model
            <select value={model.name} onChange={(event) => setChosen(event.currentTarget.value)}>
              {models.map((one) => (
                <option key={one.name} value={one.name}>
                  {aboutModel(one)}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <FolderSource
        source={source}
        onSource={setSource}
        each={model.kind === 'people' ? 'person' : 'label'}
      />
      <button type="submit" class="first" disabled={source === undefined || busy !== undefined}>
        {busy ?? 'Evaluate'}
      </button>
      <span role="status" class="unseen">
        {busy}
      </span>
    </form>
  );
}
