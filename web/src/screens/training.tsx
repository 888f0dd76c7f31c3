/** A training or an evaluation, while it goes on and when it has ended. */

import { answered, client, type Job } from '../api.ts';
import { jobs } from '../changes.ts';
import { useCurve } from '../curve.ts';
import { useLoaded } from '../load.ts';
import { Calibration } from '../parts/calibration.tsx';
import { CurveView } from '../parts/curve-view.tsx';
import { Figures, Remarks } from '../parts/figures.tsx';

export function TrainingScreen({ id }: { readonly id: number }) {
  const { answer, error } = useLoaded(
    () => answered(client.GET('/api/v1/jobs/{id}', { params: { path: { id } } })),
    `job ${id}`,
  );
  const job = jobs.value.find((one) => one.id === id) ?? answer;
  if (!job) {
    return error ? (
      <p class="failed">
        {error.message} Models that were finished are among <a href="/teach">those that were taught</a>.
      </p>
    ) : (
      <p class="loading">Reading …</p>
    );
  }
  return (
    <>
      <a class="back" href="/teach">
        ← Teach
      </a>
      <header class="title">
        <h1>{job.title}</h1>
        <End job={job} />
      </header>
      {job.kind === 'train' && <Training job={job} />}
      {job.kind === 'evaluate' && job.state === 'done' && <Evaluation id={id} />}
    </>
  );
}

/** How far it has come stands above every screen. */
function End({ job: { state, error } }: { readonly job: Job }) {
  if (state === 'failed') return <p class="failed">{error?.detail}</p>;
  if (state === 'cancelled') return <p>Stopped: nothing of it was stored.</p>;
  return null;
}

function Training({ job }: { readonly job: Job }) {
  const curve = useCurve(job);
  const model = job.result?.['model'] as string | undefined;
  return (
    <>
      {model !== undefined && (
        <p class="done">
          {model} is ready: <a href={`/teach/models/${encodeURIComponent(model)}`}>see what it is worth</a>.
        </p>
      )}
      {curve.points.length === 0 && job.ended === null && (
        <p class="hint">The curves appear here once the photos are read.</p>
      )}
      <CurveView curve={curve} />
    </>
  );
}

function Evaluation({ id }: { readonly id: number }) {
  const { answer: report, error } = useLoaded(
    () => answered(client.GET('/api/v1/evaluations/{id}', { params: { path: { id } } })),
    `evaluation ${id}`,
  );
  if (error) return <p class="failed">{error.message}</p>;
  if (!report) return <p class="loading">Reading …</p>;
  return (
    <>
      <p>{report.headline}.</p>
      <Remarks remarks={report.remarks} />
      <Figures figures={report.figures} />
      <p>
        <a class="button" href={`/api/v1/evaluations/${id}/report`} target="_blank" rel="noreferrer">
          The whole report, with every mistake (in another tab)
        </a>
      </p>
      {report.calibration && (
        <section>
          <h2>Probabilities</h2>
          <Calibration calibration={report.calibration} />
        </section>
      )}
    </>
  );
}
