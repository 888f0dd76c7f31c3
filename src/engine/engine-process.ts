/** The process that runs networks: takes work, answers it, and ends when the server is gone. */

import { reasonOf, WhosinError } from '../errors.ts';
import type { CarriedError, FromEngine, ToEngine, WorkMessage } from './messages.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop | undefined;
const running = new Map<number, AbortController>();

process.on('message', (message: ToEngine) => {
  if (message.kind === 'open') workshop = openWorkshop(message.config);
  else if (message.kind === 'cancel') running.get(message.id)?.abort();
  else void work(message);
});

process.once('disconnect', () => void end());

// The server stops its work by closing the channel: a terminal sends Ctrl-C to both processes.
process.on('SIGINT', () => {});

async function work({ id, kind, input }: WorkMessage): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  try {
    const onProgress = (progress: unknown): void => tell({ id, progress });
    tell({ id, output: await workshop!.do(kind, input, { signal: stop.signal, onProgress }) });
  } catch (error) {
    tell({ id, error: carried(error) });
  } finally {
    running.delete(id);
  }
}

function tell(message: FromEngine): void {
  // Nobody waits any more if the server is gone.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}

function carried(error: unknown): CarriedError {
  if (!(error instanceof WhosinError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : reasonOf(error);
    return { code: null, message: text };
  }
  const { code, message, path, reason } = error;
  return { code, message, path, reason };
}

async function end(): Promise<void> {
  for (const stop of running.values()) stop.abort();
  await workshop?.close();
  process.exit();
}
