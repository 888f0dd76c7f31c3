/** `whosin album review`: one question after another, the ones first whose answer settles most. */

import { Command } from '@commander-js/extra-typings';
import type { Album } from '../../album/open-album.ts';
import type { Question } from '../../album/said/questions.ts';
import { WhosinError } from '../../errors.ts';
import { questionJson } from '../../report/album-json.ts';
import { questionPage } from '../../report/album-page.ts';
import { questionLine } from '../../report/album-words.ts';
import { count, probability, shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { openAnswers } from '../terminal/single-keys.ts';
import { albumOption, withAlbum } from './open.ts';

const keys = `y yes   n no   u not sure   w somebody else, type who   1-9 one of the likely   x not a face
s a stranger, nobody to know   z take back the last answer   ? this list   q stop`;

export function reviewCommand(run: Invocation): Command {
  const command = new Command('review')
    .description('Answer the questions that settle most: who is this, is this so-and-so?')
    .option(...albumOption)
    .option('--page <file>', 'write a page with the faces that are asked about; it follows the questions')
    .option('--singles', 'ask about single faces too if nobody is likely for them')
    .option('--limit <n>', 'stop after this many answers', wholeNumber(1))
    .option('--json', 'answer nothing: print the questions that are next, one JSON object a line')
    .addHelpText(
      'after',
      `
On a terminal each answer is one key:
${keys
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
Otherwise each line of standard input is one answer. A line of more than one letter is a name ("w X" for a name of one
letter).

Examples:
  whosin album review --page review.html
  printf 'y\\nn\\nGrandma\\nq\\n' | whosin album review
  whosin album review --json --limit 100`,
    )
    .action(async ({ album: where, page, singles = false, limit, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        if (json) {
          for (const question of await album.questions({ limit: limit ?? 20, singles })) {
            print(JSON.stringify(questionJson(question)));
          }
          return;
        }
        await review(album, { page, singles, limit: limit ?? Number.POSITIVE_INFINITY });
      });
    });
  return command;
}

interface ReviewOptions {
  readonly page: string | undefined;
  readonly singles: boolean;
  readonly limit: number;
}

async function review(album: Album, { page, singles, limit }: ReviewOptions): Promise<void> {
  const answers = openAnswers();
  const said: number[] = [];
  let [answered, settled] = [0, 0];
  try {
    for (;;) {
      const [question] = answered < limit ? await album.questions({ limit: 1, singles }) : [];
      if (page !== undefined) await writeFileAtomically(page, await questionPage(album, question));
      if (question === undefined) break;
      ask(question);
      const answer = await answers.next();
      if (answer === undefined || answer === 'q') break;
      try {
        const done = await follow(album, question, answer, said, answers.line);
        if (done === undefined) continue;
        answered++;
        settled += done;
        print(out.dim(`  ${count(done, 'face')} settled`));
      } catch (error) {
        if (!(error instanceof WhosinError)) throw error;
        note(`${err.red('error:')} ${shown(error.message)}`);
      }
    }
  } finally {
    answers.close();
  }
  print(`${count(answered, 'answer')}, ${count(settled, 'face')} settled.`);
}

function ask(question: Question): void {
  print(out.bold(questionLine(question)));
  const likely = question.likely.map(
    ({ person, probability: p }, i) => `${i + 1} ${shown(person)} ${probability(p)}`,
  );
  if (likely.length > 0) print(`  ${likely.join('   ')}`);
  for (const { path } of question.shown.slice(0, 3)) if (path !== null) print(out.dim(`  ${shown(path)}`));
}

/** @returns how many faces were settled; nothing if the question stands */
async function follow(
  album: Album,
  question: Question,
  answer: string,
  said: number[],
  line: (prompt: string) => Promise<string>,
): Promise<number | undefined> {
  const give = async (given: Parameters<Album['answer']>[1]): Promise<number> => {
    const { said: number, faces, besides } = await album.answer(question, given);
    said.push(number);
    return faces + besides;
  };
  const number = /^[1-9]$/.test(answer) ? question.likely[Number(answer) - 1] : undefined;
  if (number) return give({ kind: 'is', person: number.person });
  if (answer === 'y' || answer === 'n') {
    if (question.kind === 'person') return give({ kind: answer === 'y' ? 'yes' : 'no' });
    throw new WhosinError('usage', 'Nobody is suggested: type who it is, or ? for the other keys.');
  }
  switch (answer) {
    case 'u':
      return give({ kind: 'not-sure' });
    case 'x':
      return give({ kind: 'not-a-face' });
    case 's':
      return give({ kind: 'stranger' });
    case 'z': {
      const last = said.pop();
      if (last === undefined) throw new WhosinError('usage', 'Nothing was answered yet.');
      await album.undo(last);
      note(err.dim(`#${last} taken back`));
      return undefined;
    }
    case 'w': {
      const name = await line('Who? ');
      return name === '' ? undefined : give({ kind: 'is', person: name });
    }
    case '?':
      note(keys);
      return undefined;
    default: {
      const name = answer.replace(/^w /, '').trim();
      if (name.length > 1 || answer.startsWith('w ')) return give({ kind: 'is', person: name });
      throw new WhosinError('usage', `"${answer}" is no answer: ? lists the keys.`);
    }
  }
}
