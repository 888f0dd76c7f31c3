/** `whosin completion`: a script with which a shell completes command lines. */

import { Command, createArgument } from '@commander-js/extra-typings';
import { print } from '../terminal/output.ts';
import { bashScript } from './bash.ts';
import { type CommandWords, commandWords } from './command-words.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { zshScript } from './zsh.ts';

const scripts = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} satisfies Record<string, (all: readonly CommandWords[]) => string>;

export function completionCommand(): Command {
  const command = new Command('completion')
    .description('Print a script with which a shell completes commands, options and their values.')
    .addArgument(createArgument('<shell>').choices(Object.keys(scripts) as (keyof typeof scripts)[]))
    .addHelpText(
      'after',
      `
bash         in ~/.bashrc: source <(whosin completion bash)
zsh          in ~/.zshrc, behind compinit: source <(whosin completion zsh)
fish         once: whosin completion fish > ~/.config/fish/completions/whosin.fish
powershell   in $PROFILE: whosin completion powershell | Out-String | Invoke-Expression

The script starts no program while you type. After an update of whosin, make it anew.`,
    )
    .action((shell) => print(scripts[shell](commandWords(command.parent!)).trimEnd()));
  return command as unknown as Command;
}
