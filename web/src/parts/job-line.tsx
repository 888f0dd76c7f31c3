/** Long work that is under way, on every screen. */

import { answered, client, type Job } from '../api.ts';
import { jobs } from '../changes.ts';
import { stageOf } from '../job-words.ts';
import { tell, told } from '../said.ts';

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
  const { id, kind, title, progress } = job;
  const isCounted = progress !== null && progress.total > 0;
  const stop = async (): Promise<void> => {
    try {
      await answered(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } } }));
      tell(kind === 'add' ? 'Stopping. Photos that were read until now stay in the album.' : 'Stopping.');
    } catch (error) {
      told(error);
    }
  };
  return (
    <div class="job">
      <span title={title}>
        {kind === 'add' ? stageOf(job) : <a href={`/teach/jobs/${id}`}>{stageOf(job)}</a>}
      </span>
      <progress aria-label={title} {...(isCounted && { value: progress.done, max: progress.total })} />
      <button type="button" class="plain" onClick={() => void stop()}>
        Stop
      </button>
    </div>
  );
}
