/**
 * Tables of the documentation, made from `bench/results/`: a number there is one that a script has measured.
 *
 *     <!-- results file="identify" title="Identify:" columns="what, photos a second" processor="Intel" -->
 *     <!-- end of results -->
 *
 * The newest run of the file whose title begins so, on a processor whose name or instructions hold that word; title,
 * columns and processor may be left out. Below the table stand the run's notes, its day, commit and machine.
 */

import { type Result, type Row, tableOf } from './results.ts';

/** One entry of bench/results/NAME.json. */
export interface Run extends Result {
  /** ISO 8601 */
  readonly date: string;
  readonly commit: string;
  /** The measured commit, if its branch was rebased before it landed: `commit` is the same change on main. */
  readonly rebasedFrom?: string;
  readonly machine: {
    readonly processor: string;
    /** Not noted by the first runs. */
    readonly instructions?: string;
    readonly cores: number;
    readonly node: string;
  };
}

const block = /(<!-- results (.*?) -->\n)[\s\S]*?(<!-- end of results -->)/g;

/**
 * The page with its tables as the results have them.
 *
 * @param runsOf the runs of a file, the oldest first
 * @throws Error if there is no such run
 */
export function withResultTables(page: string, runsOf: (file: string) => readonly Run[]): string {
  return page.replace(block, (_all, begin: string, attributes: string, end: string) => {
    const wanted = Object.fromEntries(
      [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
    const { file = '', title = '', processor = '', columns } = wanted;
    const run = runsOf(file).findLast(
      ({ title: own, machine }) =>
        own.startsWith(title) && `${machine.processor} ${machine.instructions ?? ''}`.includes(processor),
    );
    if (run === undefined) throw new Error(`bench/results/${file}.json has no run "${title}" ${processor}`);
    const table = tableOf(columns === undefined ? run.rows : chosen(run.rows, columns.split(', ')));
    return [begin, ...table, '', ...notesOf(run), `${signature(run)}\n`, end].join('\n');
  });
}

function chosen(rows: readonly Row[], columns: readonly string[]): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        if (!rows.some((each) => column in each)) throw new Error(`no column "${column}"`);
        return [column, row[column] ?? ''];
      }),
    ),
  );
}

function notesOf({ notes = [] }: Run): string[] {
  return notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), ''];
}

function signature({ title, date, commit, machine }: Run): string {
  const { processor, instructions, cores, node } = machine;
  const day = new Date(date).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const kind = instructions ? `${processor} (${instructions})` : processor;
  return `*${title}. ${day}, commit ${commit}, ${kind}, ${cores} cores, Node ${node.slice(1)}.*`;
}
