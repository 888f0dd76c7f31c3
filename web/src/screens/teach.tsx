/** Teach: folders become a model; models are asked and evaluated. */

import type { Job } from '../api.ts';
import { jobs } from '../changes.ts';
import { stageOf } from '../job-words.ts';
import { canBeAsked, type Model, useModels } from '../models.ts';
import { AskModel } from '../parts/ask-model.tsx';
import { EvaluateForm } from '../parts/evaluate-form.tsx';
import { TrainForm } from '../parts/train-form.tsx';
import { count } from '../words.ts';

export function Teach() {
  const { answer: models, error } = useModels();
  if (error) return <p class="failed">{error.message}</p>;
  if (!models) return <p class="loading">Reading …</p>;
  const trained = models.filter(({ state, problem }) => state === 'trained' || problem !== null);
  const asked = models.filter(canBeAsked).toSorted(trainedFirst);
  const work = jobs.value.filter(({ kind }) => kind === 'train' || kind === 'evaluate');
  return (
    <div class="teach">
      <header class="title">
        <h1>Teach</h1>
        <p>
          Folders of photos become a model that tells people or things apart. Everything stays on this
          machine.
        </p>
      </header>
      <div class="columns">
        <section aria-labelledby="teach-new">
          <h2 id="teach-new">A new model</h2>
          <TrainForm models={models} />
        </section>
        <div>
          {work.length > 0 && <Work jobs={work.slice(0, 8)} />}
          <section aria-labelledby="teach-there">
            <h2 id="teach-there">Taught here</h2>
            {trained.length === 0 ? (
              <p class="hint">
                No model yet. Put photos into folders, one for each person or thing, and choose the folder
                that holds them.
              </p>
            ) : (
              <ul class="models">
                {trained.map((model) => (
                  <TrainedRow key={model.name} model={model} />
                ))}
              </ul>
            )}
          </section>
          <section aria-labelledby="teach-ask">
            <h2 id="teach-ask">Ask a model</h2>
            <AskModel models={asked} />
          </section>
          <section>
            <details>
              <summary>
                <h2>Evaluate a model</h2>
              </summary>
              <p class="hint">How right is it, on photos in folders whose names are the right answers?</p>
              <EvaluateForm models={asked.filter(({ kind }) => kind !== 'objects')} />
            </details>
          </section>
        </div>
      </div>
    </div>
  );
}

function trainedFirst(a: Model, b: Model): number {
  return (
    Number(b.state === 'trained') - Number(a.state === 'trained') ||
    (b.made ?? '').localeCompare(a.made ?? '')
  );
}

function TrainedRow({ model }: { readonly model: Model }) {
  const { name, kind, labels, made, problem } = model;
  const what = kind === 'people' ? count(labels ?? 0, 'person', 'people') : count(labels ?? 0, 'label');
  return (
    <li>
      <a href={`/teach/models/${encodeURIComponent(name)}`}>
        <b>{name}</b>
        <small>
          {problem ?? `${what}, taught on ${new Date(made!).toLocaleDateString(navigator.language)}`}
        </small>
      </a>
    </li>
  );
}

function Work({ jobs: listed }: { readonly jobs: readonly Job[] }) {
  return (
    <section aria-labelledby="teach-work">
      <h2 id="teach-work">Going on, and lately</h2>
      <ul class="models">
        {listed.map((job) => (
          <li key={job.id}>
            <a href={`/teach/jobs/${job.id}`}>
              <b>{job.title}</b>
              <small>{became(job)}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function became(job: Job): string {
  const { state, result, error } = job;
  if (state === 'failed') return error?.detail ?? 'failed';
  if (state === 'cancelled') return 'stopped';
  if (state !== 'done') return stageOf(job);
  const { right, heldOut } = (result ?? {}) as { right?: number | null; heldOut?: number | null };
  return heldOut ? `done: ${right} of ${heldOut} held-out photos right` : 'done';
}
