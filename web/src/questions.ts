/** The questions that the page asks, and the answers to them. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { answered, client, type Question, Refusal } from './api.ts';
import { takeBack, takenBack, tell, told } from './said.ts';
import { count } from './words.ts';

export type AnswerBody =
  | { readonly kind: 'yes' | 'no' | 'not-sure' | 'not-a-face' | 'stranger' }
  | { readonly kind: 'is'; readonly person: string };

/** Their pictures are loaded before they are shown. */
const readAhead = 12;

/** The questions that come next are there already: an answer shows the next one at once. */
export function useQuestions() {
  const [queue, setQueue] = useState<readonly Question[]>([]);
  const [isDone, setDone] = useState(false);
  const reading = useRef(0);
  const groups = useRef(new Set<number>());
  const underWay = useRef<Promise<readonly number[]>>();
  const taking = useRef<Promise<void>>();

  const read = useCallback(async (): Promise<void> => {
    const turn = ++reading.current;
    try {
      const { questions } = await answered(
        client.GET('/api/v1/questions', { params: { query: { limit: readAhead } } }),
      );
      if (turn !== reading.current) return;
      // The question that is shown stays, and one that is being answered does not come back.
      setQueue(([first]) => {
        const rest = questions.filter(({ id, group }) => id !== first?.id && !groups.current.has(group));
        const stays = first && questions.some(({ id }) => id === first.id);
        return stays ? [first, ...rest] : rest;
      });
      setDone(questions.length === 0);
    } catch (error) {
      told(error);
    }
  }, []);

  // A question whose answer was taken back comes again.
  useEffect(() => void read(), [read, takenBack.value]);

  const answer = useCallback(
    async (body: AnswerBody, text: string): Promise<void> => {
      const [question, ...rest] = queue;
      if (!question) return;
      groups.current.add(question.group);
      setQueue(rest);
      const sent = answered(
        client.POST('/api/v1/questions/{id}/answer', { params: { path: { id: question.id } }, body }),
      ).then(
        ({ said, besides }) => {
          tell(besides > 0 ? `${text} ${count(besides, 'other face')} got a name too.` : text, [said]);
          return [said];
        },
        (error: unknown) => {
          const isChanged = error instanceof Refusal && error.code === 'changed';
          if (!isChanged) told(error);
          return [];
        },
      );
      underWay.current = sent;
      await sent;
      if (underWay.current === sent) underWay.current = undefined;
      groups.current.delete(question.group);
      await read();
    },
    [queue, read],
  );
  /** Takes back the answer that has not arrived yet; else what has these numbers; a second time, what was said before. */
  const undo = useCallback(async (named?: readonly number[]): Promise<void> => {
    const before = taking.current;
    const take = (async () => {
      await before;
      const sent = await underWay.current;
      await takeBack(sent && sent.length > 0 ? sent : before ? undefined : named);
    })();
    taking.current = take;
    await take;
    if (taking.current === take) taking.current = undefined;
  }, []);
  return { queue, isDone, answer, undo };
}
