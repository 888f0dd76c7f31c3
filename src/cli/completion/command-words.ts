/** The words that can be typed: each command with its options and the words that may follow, as plain data. */

import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

export interface CommandWords {
  /** `models add`; empty for whosin itself. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWords[];
  /** The words that its argument may be, if they are few. */
  readonly choices: readonly string[];
}

export interface Word {
  readonly word: string;
  readonly description: string;
}

export interface OptionWords {
  /** `-m` and `--model`, as far as there are both. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The words that its value may be, if they are few. */
  readonly choices: readonly string[];
}

/** Words instead of those of the command: where an option's value is meant, and would be taken for one of them, or is one of a few. */
export function valueWords(
  all: readonly CommandWords[],
): { readonly typed: string; readonly choices: readonly string[] }[] {
  return all.flatMap(({ path, commands, options, choices: own }) =>
    options
      .filter(({ takesValue, choices }) => takesValue && choices.length + commands.length + own.length > 0)
      .flatMap(({ flags, choices }) => flags.map((flag) => ({ typed: `${path} ${flag}`, choices }))),
  );
}

/** Whosin itself first, each command before those below it. Hidden options are left out. */
export function commandWords(program: CommandUnknownOpts, path = ''): CommandWords[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const own: CommandWords = {
    path,
    description: program.description(),
    commands: commands.map((command) => ({
      word: command.name(),
      description: firstSentence(command.description()),
    })),
    options: help.visibleOptions(program).map(optionWords),
    choices: program.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  };
  const below = commands
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => commandWords(command, path === '' ? command.name() : `${path} ${command.name()}`));
  return [own, ...below];
}

function optionWords({ short, long, description, required, optional, argChoices = [] }: Option): OptionWords {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    // One that may be left out is no reason to look for a value.
    takesValue: required && !optional,
    choices: argChoices,
  };
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.:]) /)[0]!.replace(/[.:]$/, '');
}
