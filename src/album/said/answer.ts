/** RECIPE: a question is answered, once and for all. */

import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { personOrNew } from '../facts/people.ts';
import type { Question } from './questions.ts';
import { type Statement, sayAndCount } from './say.ts';

/** `is`: it is this person, whoever was asked about. */
export type QuestionAnswer =
  | { readonly kind: 'yes' | 'no' | 'not-sure' | 'not-a-face' | 'stranger' }
  | { readonly kind: 'is'; readonly person: string };

export interface Answered {
  /** The number to take it back by. */
  readonly said: number;
  readonly faces: number;
  /** Other faces that have a name now, and had none before. */
  readonly besides: number;
}

/** Throws `usage` where yes or no is no answer to the question. */
export async function answerQuestion(
  album: AlbumContext,
  question: Pick<Question, 'kind' | 'person' | 'about'>,
  answer: QuestionAnswer,
): Promise<Answered> {
  const parts = [question.about];
  const statement = { ...(await statementOf(album, question, answer)), parts };
  const { said, gained } = await sayAndCount(album, [statement]);
  const named = answer.kind === 'yes' || answer.kind === 'is' ? question.about.length : 0;
  return { said: said[0]!.id, faces: question.about.length, besides: Math.max(0, gained - named) };
}

async function statementOf(
  album: AlbumContext,
  { kind, person }: Pick<Question, 'kind' | 'person'>,
  answer: QuestionAnswer,
): Promise<Statement> {
  const about = async (name: string): Promise<{ readonly person: Statement['person'] & object }> => {
    const { uid, name: given } = await personOrNew(album, name);
    return { person: { uid, name: given } };
  };
  if (answer.kind === 'is') return { kind: 'is', ...(await about(answer.person)) };
  if (answer.kind === 'not-sure') return { kind: 'not-sure', ...(person !== null && (await about(person))) };
  if (answer.kind === 'not-a-face' || answer.kind === 'stranger') return { kind: answer.kind };
  if (kind !== 'person' || person === null) {
    throw new WhosinError('usage', `"${answer.kind}" is no answer to the question who somebody is.`);
  }
  return { kind: answer.kind === 'yes' ? 'is' : 'is-not', ...(await about(person)) };
}
