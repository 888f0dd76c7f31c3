/** Completion for fish: one rule for each word, which fish itself offers where its condition holds. */

import type { CommandWords, OptionWords } from './command-words.ts';

export function fishScript(all: readonly CommandWords[]): string {
  const rules = all.flatMap(({ path, commands, options, choices }) => {
    const here = condition(
      path,
      commands.map(({ word }) => word),
    );
    const anywhere = condition(path, []);
    return [
      ...commands.map(({ word, description }) => rule(here, `-f -a ${quoted(word)}`, description)),
      ...choices.map((choice) => rule(here, `-f -a ${quoted(choice)}`, '')),
      ...options.map((option) => rule(anywhere, optionRule(option), option.description)),
    ];
  });
  return `# Completion of whosin for fish. To be kept: whosin completion fish > ~/.config/fish/completions/whosin.fish
${rules.join('\n')}
`;
}

/** Behind these commands, and none of those below it yet. */
function condition(path: string, below: readonly string[]): string {
  const seen = path.split(' ').filter((word) => word !== '');
  const conditions = [
    ...seen.map((word) => `__fish_seen_subcommand_from ${word}`),
    ...(below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`]),
  ];
  return conditions.join('; and ');
}

function rule(when: string, what: string, description: string): string {
  const parts = [
    'complete -c whosin',
    when === '' ? '' : `-n ${quoted(when)}`,
    what,
    description === '' ? '' : `-d ${quoted(description)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function optionRule({ flags, takesValue, choices }: OptionWords): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  if (!takesValue) return named.join(' ');
  return `${named.join(' ')} -r${choices.length === 0 ? '' : ` -f -a ${quoted(choices.join(' '))}`}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
