/** Answers of one key each on a terminal; of one line each where standard input is something else. */

import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import { ask } from './ask.ts';

export interface Answers {
  /** Undefined if there are no more. */
  next(): Promise<string | undefined>;
  /** A whole line, in between. */
  readonly line: (prompt: string) => Promise<string>;
  close(): void;
}

export function openAnswers(): Answers {
  return process.stdin.isTTY ? keysOf(process.stdin) : linesOf(process.stdin);
}

function keysOf(terminal: NodeJS.ReadStream): Answers {
  emitKeypressEvents(terminal);
  const waiting: string[] = [];
  let give: ((answer: string) => void) | undefined;
  const hear = (text: string | undefined, key: Key): void => {
    // Ctrl-C and Ctrl-D end it; keys without a letter say nothing.
    const answer = key.ctrl && (key.name === 'c' || key.name === 'd') ? 'q' : (text ?? '').trim();
    if (answer === '') return;
    if (give) give(answer);
    else waiting.push(answer);
  };
  const listen = (on: boolean): void => {
    terminal.setRawMode(on);
    if (on) terminal.on('keypress', hear).resume();
    else terminal.off('keypress', hear).pause();
  };
  listen(true);
  return {
    next: () =>
      new Promise((resolve) => {
        const early = waiting.shift();
        if (early !== undefined) return resolve(early);
        give = (answer) => {
          give = undefined;
          resolve(answer);
        };
      }),
    async line(prompt) {
      listen(false);
      try {
        return await ask(prompt);
      } finally {
        listen(true);
      }
    },
    close: () => listen(false),
  };
}

function linesOf(input: NodeJS.ReadStream): Answers {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : value.trim();
  };
  return { next, line: async () => (await next()) ?? '', close: () => reader.close() };
}
