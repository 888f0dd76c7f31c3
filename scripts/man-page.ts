/** Writes man/whosin.1, from the commands as they describe themselves: `npm run man`. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandNames, programOf } from '../src/cli/run.ts';

const { version, description } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string; readonly description: string };

export const manFile = fileURLToPath(new URL('../man/whosin.1', import.meta.url));

/** In the macros of man(7). Without a date: the same commands make the same page. */
export async function manPage(): Promise<string> {
  const program = await programOf(commandNames, {
    get config(): never {
      throw new Error('a page about the commands needs no settings');
    },
    done() {},
  });
  const parts = [
    `.TH WHOSIN 1 "" "whosin ${version}" "User Commands"`,
    `.SH NAME\nwhosin \\- ${escaped(lowered(description.split(':')[0]!))}`,
    '.SH SYNOPSIS\n.B whosin\n.I command\n.RI [ options ]\n.RI [ arguments ]',
    `.SH DESCRIPTION\n${escaped(description)}`,
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => section(command, '')),
    prose(afterHelp(program), '.PP\n'),
    '.SH SEE ALSO\nThe guides that come with whosin, in its folder\n.IR docs/ .',
  ];
  return `${parts.join('\n')}\n`;
}

function section(command: CommandUnknownOpts, above: string): string[] {
  const name = `${above}${command.name()}`;
  const help = command.createHelp();
  const own = help.visibleCommands(command).filter((below) => below.name() !== 'help');
  const described = (term: string, text: string): string => `.TP\n.B ${escaped(term)}\n${escaped(text)}`;
  return [
    `.SS "whosin ${escaped(name)} ${escaped(command.usage())}"`,
    escaped(command.description()),
    ...help
      .visibleArguments(command)
      .map((argument) => described(help.argumentTerm(argument), help.argumentDescription(argument))),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .map((option) => described(help.optionTerm(option), help.optionDescription(option))),
    prose(afterHelp(command), '.PP\n'),
    ...own.flatMap((below) => section(below, `${name} `)),
  ].filter((part) => part !== '');
}

/** The text behind the options in the help of a command. */
function afterHelp(command: CommandUnknownOpts): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.slice(command.helpInformation().length).trim();
}

/**
 * Paragraphs; lines that are indented, as examples are, stay lines of their own.
 *
 * @param before stands there if there is any text
 */
function prose(text: string, before: string): string {
  if (text === '') return '';
  const parts = text
    .split(/\n{2,}/)
    .filter((part) => part !== '')
    .map((part) => {
      const lines = part.split('\n');
      const isTable = (line: string): boolean => /^ {2}|^\S+ {3,}\S/.test(line);
      const plain = lines.filter((line) => !isTable(line)).map(escaped);
      const kept = lines.filter(isTable).map(escaped);
      const table =
        kept.length === 0
          ? ''
          : `.RS 2\n.nf\n${kept.map((line) => line.replace(/^ {2}/, '')).join('\n')}\n.fi\n.RE\n`;
      return `${plain.join('\n')}\n${table}`.trim();
    });
  return `${before}${parts.join('\n.PP\n')}`;
}

/** A hyphen that may be copied; no backslash, and no dot or quote at the start of a line, that troff would obey. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1')
    .replaceAll('×', '\\(mu');
}

function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

if (import.meta.filename === process.argv[1]) {
  mkdirSync(dirname(manFile), { recursive: true });
  writeFileSync(manFile, await manPage());
}
