/** Long work that is under way, on every screen. */

import { answered, client, type Job } from '../api.ts';
import { jobs } from '../changes.ts';
import { tell, told } from '../said.ts';
import { count } from '../words.ts';

const stages: Readonly<Record<string, string>> = {
  look: 'Looking for photos',
  read: 'Reading photos',
  group: 'Grouping faces',
};

function isOpen({ ended }: Job): boolean {
  return ended === null;
}

export function JobLine() {
  const open = jobs.value.filter(isOpen);
  if (open.length === 0) return null;
  return (
    <div class="jobs">
      {open.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
    </div>
  );
}

function JobProgress({ job }: { readonly job: Job }) {
  const { id, title, progress, state } = job;
  const stage =
    progress === null
      ? state === 'queued'
        ? 'Waiting'
        : 'Starting'
      : (stages[progress.stage] ?? progress.stage);
  const isCounted = progress !== null && progress.stage === 'read' && progress.total > 0;
  const stop = async (): Promise<void> => {
    try {
      await answered(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } } }));
      tell('Stopping. Photos that were read until now stay in the album.');
    } catch (error) {
      told(error);
    }
  };
  return (
    <div class="job">
      <span title={title}>
        {stage}
        {progress !== null && (
          <b>
            {' '}
            {isCounted
              ? `${progress.done.toLocaleString('en')} of ${count(progress.total, 'file')}`
              : progress.stage === 'look'
                ? count(progress.done, 'file')
                : ''}
          </b>
        )}
      </span>
      <progress aria-label={title} {...(isCounted && { value: progress.done, max: progress.total })} />
      <button type="button" class="plain" onClick={() => void stop()}>
        Stop
      </button>
    </div>
  );
}
