/** `whosin collect credits`: a page that names title, author, source and licence of every photo of a set. */

import { Command } from '@commander-js/extra-typings';
import { type Credit, credits } from '../../collect/credits.ts';
import { type Html, html, page } from '../../report/html.ts';
import { count, shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { print } from '../terminal/output.ts';
import { openHashes } from './options.ts';

export function creditsCommand(run: Invocation): Command {
  const command = new Command('credits')
    .description('Print a page that credits every photo: title, author, source, licence.')
    .argument('<folder>', 'the folder that whosin collect made')
    .option('-o, --output <file>', 'write the page to this file')
    .option('--json', 'print one JSON object instead')
    .addHelpText(
      'after',
      `
Examples:
  whosin collect credits training_dataset -o credits.html`,
    )
    .action(async (folder, { output, json }) => {
      const all = await credits(folder, openHashes(run.config));
      if (json) return print(JSON.stringify({ schema: 1, folder, photos: all }));
      const text = creditsPage(all);
      if (output === undefined) return print(text.trimEnd());
      await writeFileAtomically(output, text);
      print(`Wrote ${shown(output)}: ${count(all.length, 'photo')}.`);
    });
  return command as unknown as Command;
}

const style = `
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; margin: 8px 0 16px; table-layout: fixed }
th, td { padding: 7px 14px 7px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 500 } th:nth-child(1) { width: 36% } th:nth-child(4) { width: 22% }
td small { color: var(--soft); display: block } a { color: inherit; text-underline-offset: 2px }
`;

function creditsPage(all: readonly Credit[]): string {
  const names = [...new Set(all.map(({ name }) => name))];
  const unknown = all.filter(({ licence }) => licence === undefined).length;
  const doubt = unknown === 0 ? '' : ` The licence of ${count(unknown, 'photo')} is not known.`;
  return page(
    'Photo credits',
    html`
<h1>Photo credits</h1>
<p>${count(all.length, 'photo')} of ${count(names.length, 'name')}. Title, author, source and licence are as the source stated them; some photos were scaled down by it.${doubt}</p>
${names.map((name) =>
  section(
    name,
    all.filter((credit) => credit.name === name),
  ),
)}`,
    style,
  );
}

function section(name: string, own: readonly Credit[]): Html {
  return html`<h2>${shown(name)}</h2>
<table><thead><tr><th>Title</th><th>Author</th><th>Source</th><th>Licence</th></tr></thead><tbody>
${own.map(
  ({ path, title, author, source, page: at, address, licence, licenceAddress }) => html`<tr>
<td>${link(shown(title ?? 'Untitled'), at ?? address)}<small>${shown(path)}</small></td>
<td>${shown(author ?? 'unknown')}</td>
<td>${source === undefined ? 'your own' : hostOf(at ?? address) || source}</td>
<td>${link(shown(licence ?? 'unknown'), licenceAddress)}</td></tr>
`,
)}</tbody></table>
`;
}

/** Addresses come from strangers: only http and https become links. */
function link(text: string, address: string | undefined): Html {
  return address !== undefined && /^https?:\/\//i.test(address)
    ? html`<a href="${address}" rel="noreferrer">${text}</a>`
    : html`${text}`;
}

function hostOf(address: string | undefined): string {
  return address !== undefined && URL.canParse(address) ? new URL(address).hostname : '';
}
