/** Begins an evaluation: a model, and labelled photos that it was not taught with. */

import { useState } from 'preact/hooks';
import { answered, client, type Job } from '../api.ts';
import type { Model } from '../models.ts';
import { type From, useBegin } from '../teaching.ts';
import { FolderSource, type Source } from './folder-source.tsx';
import { ModelChoice } from './model-choice.tsx';

/** @param props.models the first one is chosen */
export function EvaluateForm({ models }: { readonly models: readonly Model[] }) {
  const [chosen, setChosen] = useState<string>();
  const [source, setSource] = useState<Source>();
  const { busy, begin } = useBegin();
  const model = models.find(({ name }) => name === chosen) ?? models[0];
  if (!model) return null;

  const path = { name: model.name };
  const start = (from: From): Promise<Job> =>
    answered(client.POST('/api/v1/models/{name}/evaluations', { params: { path }, body: { from } }));
  return (
    <form
      class="teach-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin(source, start);
      }}
    >
      {models.length > 1 && (
        <div class="fields">
          <ModelChoice models={models} model={model} onChoose={setChosen} />
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
