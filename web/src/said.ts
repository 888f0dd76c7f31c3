/** The last thing that was said on this page: told in a line at the bottom, with undo. */

import { signal } from '@preact/signals';
import { answered, client } from './api.ts';
import { inWords } from './said-words.ts';

export interface Message {
  readonly text: string;
  /** The numbers to take it back by. */
  readonly said: readonly number[];
  readonly tone: 'done' | 'failed';
}

export const message = signal<Message | undefined>(undefined);

/** The log that was read before may not know of it yet. */
export const takenBack = signal<ReadonlySet<number>>(new Set());

/** Milliseconds that a message stays. */
const stays = 8000;
let fading: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, said: readonly number[] = [], tone: Message['tone'] = 'done'): void {
  message.value = { text, said, tone };
  clearTimeout(fading);
  fading = setTimeout(() => {
    message.value = undefined;
  }, stays);
}

/** Tells why something could not be done. */
export function told(error: unknown): void {
  tell((error as Error).message, [], 'failed');
}

/** Does it, and tells what became of it. */
export async function saying(
  text: string,
  work: () => Promise<{ readonly said: number | readonly number[] }>,
): Promise<boolean> {
  try {
    const { said } = await work();
    tell(text, [said].flat());
    return true;
  } catch (error) {
    told(error);
    return false;
  }
}

async function inLog(numbers: readonly number[]): Promise<string> {
  const query = { limit: 200 };
  const log = await answered(client.GET('/api/v1/said', { params: { query } })).catch(() => undefined);
  const entries = log?.said.filter(({ number }) => numbers.includes(number)) ?? [];
  return entries.length === 0 ? `number ${numbers.join(', ')}` : entries.map(inWords).join('; ');
}

/** Takes back what the message is about, else what was said last; tells what that was. */
export async function takeBack(said: readonly number[] = message.value?.said ?? []): Promise<void> {
  try {
    const undone = await answered(client.POST('/api/v1/said/undo', { body: { said: [...said] } }));
    takenBack.value = new Set([...takenBack.value, ...undone.said]);
    tell(`Taken back: ${await inLog(undone.said)}.`);
  } catch (error) {
    told(error);
  }
}
