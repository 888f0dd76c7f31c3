/** Completion for bash: one function, which starts no program and runs nothing that was typed. */

import { type CommandWords, valueWords } from './command-words.ts';

export function bashScript(all: readonly CommandWords[]): string {
  const nested = all.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const perCommand = all.map(
    ({ path, commands, options, choices }) =>
      `    '${path}') words='${[...commands.map(({ word }) => word), ...choices].join(' ')}' options='${options.flatMap(({ flags }) => flags).join(' ')}' ;;`,
  );
  const perOption = valueWords(all).map(
    ({ typed, choices }) => `    '${typed}') words='${choices.join(' ')}' ;;`,
  );
  return `# Completion of whosin for bash. In ~/.bashrc: source <(whosin completion bash)
_whosin() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local command='' words='' options='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${command:+$command }\${COMP_WORDS[i]}" in
    ${nested.join(' | ')}) command="\${command:+$command }\${COMP_WORDS[i]}" ;;
    esac
  done
  case $command in
${perCommand.join('\n')}
  esac
  case "$command $prev" in
${perOption.join('\n')}
  esac
  COMPREPLY=()
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
# Names of files if nothing else fits.
complete -o default -o bashdefault -F _whosin whosin
`;
}
