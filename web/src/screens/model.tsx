/** A model that was trained here: its worth, its file, and what can be done with it. */

import { useState } from 'preact/hooks';
import { answered, client } from '../api.ts';
import { useLoaded } from '../load.ts';
import { type TrainedModel, useModels } from '../models.ts';
import { AskModel } from '../parts/ask-model.tsx';
import { EvaluateForm } from '../parts/evaluate-form.tsx';
import { TrainedResult } from '../parts/trained-result.tsx';
import { go } from '../route.ts';
import { tell, told } from '../said.ts';
import { fileSize } from '../words.ts';

export function ModelScreen({ name }: { readonly name: string }) {
  const { answer: model, error } = useLoaded(
    () => answered(client.GET('/api/v1/models/{name}', { params: { path: { name } } })),
    name,
  );
  const { answer: all } = useModels();
  const own = all?.filter((one) => one.name === name) ?? [];
  return (
    <>
      <a class="back" href="/teach">
        ← Teach
      </a>
      <header class="title">
        <h1>{name}</h1>
        {model && <About model={model} />}
      </header>
      {error && <p class="failed">{error.message}</p>}
      {model && (
        <>
          <TrainedResult model={model} />
          <section>
            <h2>Ask it</h2>
            <AskModel models={own} />
          </section>
          <section>
            <h2>Evaluate it</h2>
            <p class="hint">On photos that it was not taught with.</p>
            <EvaluateForm models={own} />
          </section>
        </>
      )}
      <Remove name={name} />
    </>
  );
}

function About({ model: { kind, network, licence, made, bytes, name } }: { readonly model: TrainedModel }) {
  return (
    <>
      <p>
        A model of {kind}, taught on {new Date(made).toLocaleString(navigator.language)}. It needs {network} (
        {licence}) to read photos.
      </p>
      <a class="button" href={`/api/v1/models/${encodeURIComponent(name)}/file`} download>
        Download {name}.onnx ({fileSize(bytes)})
      </a>
    </>
  );
}

function Remove({ name }: { readonly name: string }) {
  const [isAsked, setAsked] = useState(false);
  const remove = async (): Promise<void> => {
    try {
      const { error } = await client.DELETE('/api/v1/models/{name}', { params: { path: { name } } });
      if (error) throw new Error((error as { detail?: string }).detail);
      tell(`${name} was removed.`);
      go('/teach');
    } catch (error) {
      told(error);
    }
  };
  return (
    <section>
      <h2>Remove it</h2>
      {isAsked ? (
        <div class="asked" role="alertdialog" aria-label={`Remove ${name}?`}>
          <span>The model, its report and the pictures of its mistakes go; your photos stay.</span>
          <button type="button" class="first" onClick={() => void remove()}>
            Remove {name}
          </button>
          <button type="button" class="plain" onClick={() => setAsked(false)}>
            Cancel
          </button>
        </div>
      ) : (
        <button type="button" onClick={() => setAsked(true)}>
          Remove this model
        </button>
      )}
    </section>
  );
}
