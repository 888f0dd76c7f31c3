/** Completion for zsh: to be sourced, or to be put as `_whosin` into a folder of `fpath`. */

import { type CommandWords, valueWords } from './command-words.ts';

export function zshScript(all: readonly CommandWords[]): string {
  const nested = all.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const perCommand = all.map(({ path, commands, options, choices }) => {
    const words = [
      ...commands.map(({ word, description }) => described(word, description)),
      ...choices.map((choice) => described(choice, '')),
    ];
    const flags = options.flatMap((option) =>
      option.flags.map((flag) => described(flag, option.description)),
    );
    return `    ${quoted(path)})
      words_here=(${words.join(' ')})
      options=(${flags.join(' ')}) ;;`;
  });
  const perOption = valueWords(all).map(({ typed, choices }) => {
    const words = choices.map((choice) => described(choice, ''));
    return `    ${quoted(typed)}) words_here=(${words.join(' ')}) ;;`;
  });
  return `#compdef whosin
# Completion of whosin for zsh. In ~/.zshrc, behind compinit: source <(whosin completion zsh)
_whosin() {
  local command='' next
  local -a words_here options
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    next="\${command:+$command }\${words[i]}"
    case $next in
      ${nested.join('|')}) command=$next ;;
    esac
  done
  case $command in
${perCommand.join('\n')}
  esac
  case "$command \${words[CURRENT - 1]}" in
${perOption.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif (( \${#words_here} )); then
    _describe word words_here
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _whosin ]]; then
  _whosin "$@"
else
  compdef _whosin whosin
fi
`;
}

/** `word:description`, in which a colon of the word's own is escaped. */
function described(word: string, description: string): string {
  return quoted(`${word.replaceAll(':', '\\:')}${description === '' ? '' : `:${description}`}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
