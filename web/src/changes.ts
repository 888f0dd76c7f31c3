/** Changes on the server while the page is open: jobs, and what was said here or elsewhere. */

import { signal } from '@preact/signals';
import { answered, client, type Job } from './api.ts';
import { type EventStream, openStream, type StreamMessage } from './event-stream.ts';
import { tellOfEnd } from './job-end.ts';
import { readMe } from './me.ts';
import { told } from './said.ts';

export const jobs = signal<readonly Job[]>([]);

/** Counts changes of the album: screens read anew when it does. */
export const revision = signal(0);

/** Milliseconds: several changes at once are one. */
const rest = 120;
let waiting: ReturnType<typeof setTimeout> | undefined;
let isStale = false;
let isAnew = false;

/** A page that nobody sees reads anew once it is seen. */
function changed(): void {
  clearTimeout(waiting);
  isStale = true;
  if (document.visibilityState === 'hidden') return;
  waiting = setTimeout(() => {
    isStale = false;
    revision.value++;
    readMe().catch(() => {});
  }, rest);
}

async function readJobs(): Promise<void> {
  jobs.value = (await answered(client.GET('/api/v1/jobs'))).jobs;
}

function receive(message: StreamMessage): void {
  if (message.name === 'open') {
    // If the server cannot be reached, the screen that is shown says so.
    readJobs().catch(() => {});
    // Nobody told of what happened meanwhile; a server that was started anew knows nothing of the jobs of the last one.
    if (isAnew) changed();
    isAnew = true;
  } else if (message.name === 'refused') {
    isAnew = true;
    // Too many listen, or nobody is let in any more: the former can be asked instead of listened to.
    if (document.visibilityState !== 'hidden') readJobs().then(changed, told);
  } else if (message.name === 'job') {
    const job = message.data;
    jobs.value = [job, ...jobs.value.filter(({ id }) => id !== job.id)].toSorted((a, b) => b.id - a.id);
    if (job.ended === null) return;
    tellOfEnd(job);
    changed();
  } else changed();
}

export function followChanges(): void {
  readMe().catch(() => {});
  // Chromium for Android has none.
  if (typeof SharedWorker === 'undefined') followAlone();
  else {
    const { port } = new SharedWorker(new URL('./shared-events.ts', import.meta.url), { type: 'module' });
    port.addEventListener('message', ({ data }: MessageEvent<StreamMessage>) => receive(data));
    port.start();
  }
  document.addEventListener('visibilitychange', () => {
    if (isStale) changed();
  });
}

/** Only while the page is seen, which leaves connections to the others. */
function followAlone(): void {
  let stream: EventStream | undefined;
  const follow = (): void => {
    if (document.visibilityState !== 'hidden') stream ??= openStream(receive);
    else {
      stream?.close();
      stream = undefined;
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
