/** Changes on the server while the page is open: jobs, and what was said here or elsewhere. */

import { signal } from '@preact/signals';
import { answered, client, type Job } from './api.ts';

export const jobs = signal<readonly Job[]>([]);

/** Counts changes of the album: screens read anew when it does. */
export const revision = signal(0);

/** Milliseconds: several changes at once are one. */
const rest = 120;
let waiting: ReturnType<typeof setTimeout> | undefined;

function changed(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => revision.value++, rest);
}

async function readJobs(): Promise<void> {
  // If the server cannot be reached, the screen that is shown says so.
  const answer = await answered(client.GET('/api/v1/jobs')).catch(() => undefined);
  if (answer) jobs.value = answer.jobs;
}

export function followChanges(): void {
  void readJobs();
  const events = new EventSource('/api/v1/events');
  events.addEventListener('job', (event) => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    jobs.value = [job, ...jobs.value.filter(({ id }) => id !== job.id)].toSorted((a, b) => b.id - a.id);
    if (job.ended !== null) changed();
  });
  events.addEventListener('said', changed);
}
