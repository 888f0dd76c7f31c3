/** Completion for PowerShell: where nothing is offered, it offers files by itself. */

import { type CommandWords, valueWords } from './command-words.ts';

export function powershellScript(all: readonly CommandWords[]): string {
  const list = (words: readonly string[]): string => `@(${words.map(quoted).join(', ')})`;
  const perCommand = all.map(({ path, commands, options, choices }) => {
    const words = [...commands.map(({ word }) => word), ...choices];
    return `    ${quoted(path)} = @{ Words = ${list(words)}; Options = ${list(options.flatMap(({ flags }) => flags))} }`;
  });
  const perOption = valueWords(all).map(({ typed, choices }) => `    ${quoted(typed)} = ${list(choices)}`);
  return `# Completion of whosin for PowerShell. In $PROFILE: whosin completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName whosin -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${perCommand.join('\n')}
  }
  $values = @{
${perOption.join('\n')}
  }
  $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | Select-Object -Skip 1 | ForEach-Object { "$_" })
  $command = ''
  foreach ($word in $typed) {
    $next = "$command $word".Trim()
    if ($commands.ContainsKey($next)) { $command = $next }
  }
  $previous = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
  $words = $commands[$command].Words
  if ($values.ContainsKey("$command $previous")) { $words = $values["$command $previous"] }
  if ($wordToComplete -like '-*') { $words = $commands[$command].Options }
  $words | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
