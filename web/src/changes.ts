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

function listen(isFirst: boolean): EventSource {
  const events = new EventSource('/api/v1/events');
  let isAnew = !isFirst;
  events.addEventListener('open', () => {
    void readJobs();
    // Nobody told of what happened meanwhile; a server that was started anew knows nothing of the jobs of the last one.
    if (isAnew) changed();
    isAnew = true;
  });
  events.addEventListener('job', (event) => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    jobs.value = [job, ...jobs.value.filter(({ id }) => id !== job.id)].toSorted((a, b) => b.id - a.id);
    if (job.ended !== null) changed();
  });
  events.addEventListener('said', changed);
  return events;
}

/** Only while the page is seen: a browser has six connections to a server, and each tab that listened would hold one. */
export function followChanges(): void {
  let events: EventSource | undefined;
  let isFirst = true;
  const follow = (): void => {
    if (document.visibilityState === 'hidden') {
      events?.close();
      events = undefined;
      return;
    }
    events ??= listen(isFirst);
    isFirst = false;
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
