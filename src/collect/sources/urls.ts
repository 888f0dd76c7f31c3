/**
 * Addresses that the person has: a CSV file of `name,address` lines (RFC 4180). A first line that names its columns
 * may add page, title, author, licence and licenceAddress, in any order.
 */

import { WhosinError } from '../../errors.ts';
import { described, type Source, text, webAddress } from '../source.ts';

const columns = ['name', 'address', 'page', 'title', 'author', 'licence', 'licenceAddress'] as const;

type Row = Partial<Record<(typeof columns)[number], string>>;

/**
 * @param csv the text of the file
 * @param file for messages
 * @throws WhosinError `usage` naming the first line that holds no web address
 */
export function urls(csv: string, file: string): Source {
  const rows = readRows(csv, file);
  return {
    name: 'urls',
    async *search({ name }) {
      for (const row of rows) {
        if (row.name?.normalize('NFC') !== name.normalize('NFC')) continue;
        yield described(
          { address: webAddress(row.address)! },
          {
            page: webAddress(row.page),
            title: text(row.title),
            author: text(row.author),
            licence: text(row.licence),
            licenceAddress: webAddress(row.licenceAddress),
          },
        );
      }
    },
  };
}

function readRows(csv: string, file: string): Row[] {
  const [first, ...rest] = readCsv(csv.replace(/^\uFEFF/, ''));
  if (first === undefined) throw new WhosinError('usage', `${file} is empty: write lines of name,address.`);
  const names = first.fields.map((field) =>
    columns.find((c) => c.toLowerCase() === field.trim().toLowerCase()),
  );
  const named = names.includes('name') && names.includes('address');
  return (named ? rest : [first, ...rest]).map(({ line, fields }) => {
    const order = named ? names : columns;
    const row: Row = Object.fromEntries(
      fields.flatMap((field, i) => (order[i] === undefined ? [] : [[order[i], field.trim()]])),
    );
    if (!row.name || webAddress(row.address) === undefined) {
      throw new WhosinError(
        'usage',
        `${file}, line ${line}: expected name,address with an http or https address.`,
      );
    }
    return row;
  });
}

interface Line {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Empty lines are passed over. */
function readCsv(csv: string): Line[] {
  const lines: Line[] = [];
  let [fields, line, started]: [string[], number, number] = [[], 1, 1];
  // A field in quotation marks, in which two stand for one, or a plain one; then what ends it.
  for (const [whole, quoted, plain, end] of csv.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/g,
  )) {
    fields.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === ',') continue;
    if (fields.some((field) => field.trim() !== '')) lines.push({ line: started, fields });
    [fields, started] = [[], line];
  }
  return lines;
}
