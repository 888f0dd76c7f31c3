/** Ctrl-C while something is being written: what was begun is cleaned up before the process ends. */

/** Runs work that stops early where its signal says so. A second Ctrl-C ends the process at once. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const leave = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) return controller.abort();
    leave();
    process.kill(process.pid, signal);
  };
  // Not `once`: signal-exit, which comes with proper-lockfile, ends a process at a signal that nobody listens to any more.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    leave();
  }
}
