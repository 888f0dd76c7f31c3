/**
 * The networks run in a process of their own: the server answers while photos are read, and outlives a process that is
 * killed or runs out of memory. It is started when it is first needed, and again after such an end.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { cancelled, reasonOf, WhosinError } from '../errors.ts';
import type { CarriedError, FromEngine, Input, Output, Progress, ToEngine, WorkKind } from './messages.ts';

export interface RunOptions<P = unknown> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: P) => void) | undefined;
}

export interface Engine {
  /** @throws WhosinError as the work does; `interrupted` if the process ended before it was done, `cancelled` */
  run<K extends WorkKind>(kind: K, input: Input<K>, options?: RunOptions<Progress<K>>): Promise<Output<K>>;
  /** Stops what is under way and ends the process. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: never) => void) | undefined;
}

/** Milliseconds that a process has to end by itself. */
const patience = 10_000;

export interface EngineOptions {
  /** Its work takes hours: it leaves the processor to whoever waits for an answer. */
  readonly isSlow?: boolean;
}

export function openEngine(config: Config, { isSlow = false }: EngineOptions = {}): Engine {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let last = 0;
  let closed = false;

  const start = (): ChildProcess => {
    const started = fork(modulePath(), [], {
      serialization: 'advanced',
      // Messages of libraries go where the server's own go.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', (message) => receive(message as FromEngine));
    const lose = (how: string): void => {
      if (child === started) child = undefined;
      const end = closed
        ? cancelled()
        : new WhosinError('interrupted', `The process that reads photos ended (${how}): try again.`);
      for (const { reject } of waiting.values()) reject(end);
      waiting.clear();
    };
    // It could not be started: too many processes, or Node was replaced since the server began.
    started.on('error', (error) => lose(reasonOf(error)));
    started.once('exit', (status, signal) => lose(signal === null ? `status ${status}` : signal));
    if (isSlow) stepBack(started);
    // Functions stay here.
    const { onNotKept: _, ...settings } = config;
    started.send({ id: 0, kind: 'open', config: settings } satisfies ToEngine, () => {});
    // A server that has nothing else to do may end.
    started.unref();
    started.channel?.unref();
    return started;
  };

  const receive = (message: FromEngine): void => {
    const work = waiting.get(message.id);
    if (work === undefined) return;
    if ('progress' in message) return work.onProgress?.(message.progress as never);
    waiting.delete(message.id);
    if ('output' in message) work.resolve(message.output);
    else work.reject(carriedOver(message.error));
  };

  return {
    async run(kind, input, { signal, onProgress } = {}) {
      if (closed) throw new WhosinError('usage', 'The server was closed.');
      if (signal?.aborted) throw cancelled();
      const process = (child ??= start());
      const id = ++last;
      const answer = new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject, onProgress });
      });
      const send = (message: ToEngine): void => {
        process.send(message, (error) => {
          if (error)
            waiting.get(id)?.reject(
              new WhosinError('interrupted', 'The process that reads photos ended: try again.', {
                cause: error,
              }),
            );
        });
      };
      const stop = (): void => send({ id, kind: 'cancel' });
      signal?.addEventListener('abort', stop, { once: true });
      send({ id, kind, input });
      try {
        return (await answer) as Output<typeof kind>;
      } finally {
        waiting.delete(id);
        signal?.removeEventListener('abort', stop);
      }
    },
    async close() {
      closed = true;
      const ending = child;
      if (ending === undefined) return;
      const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
      ending.ref();
      ending.disconnect();
      const late = setTimeout(() => ending.kill('SIGKILL'), patience);
      await gone;
      clearTimeout(late);
    },
  };
}

function stepBack({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or the system does not allow it: the work is done all the same.
  }
}

function modulePath(): string {
  return fileURLToPath(new URL(`engine-process${extname(import.meta.url)}`, import.meta.url));
}

function carriedOver({ code, message, path, reason }: CarriedError): Error {
  return code === null ? new Error(message) : new WhosinError(code, message, { path, reason });
}
