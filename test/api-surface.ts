/** The exports of the package's entries, as their `.d.ts` files declare it: the promise to those who write programs. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Declaration {
  readonly name: string;
  /** Without comments. */
  readonly text: string;
  /** Names of whosin's own types that it mentions. */
  readonly mentions: readonly string[];
}

/** @param entry a built `.d.ts` file; its re-exports are followed */
export function declarationsOf(entry: string): Declaration[] {
  const text = withoutComments(readFileSync(entry, 'utf8'));
  const declared = [...text.matchAll(reExport)].flatMap(([, names, from]) =>
    names!
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => declarationIn(join(dirname(entry), from!.replace(/\.[jt]s$/, '.d.ts')), name)),
  );
  return declared.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const reExport = /export (?:type )?\{([^}]*)\} from '(\.[^']+)';/g;

function declarationIn(file: string, name: string): Declaration {
  const text = withoutComments(readFileSync(file, 'utf8'));
  const start = text.search(
    new RegExp(`^export (?:declare )?(?:function|const|class|interface|type) ${name}\\b`, 'm'),
  );
  if (start < 0) {
    // Handed on once more.
    const from = [...text.matchAll(reExport)].find(([, names]) => new RegExp(`\\b${name}\\b`).test(names!));
    if (from === undefined) throw new Error(`${file} declares no ${name}`);
    return declarationIn(join(dirname(file), from[2]!.replace(/\.[jt]s$/, '.d.ts')), name);
  }
  const declaration = text.slice(start, endOf(text, start)).trim();
  const own = new Set([
    ...[...text.matchAll(/^import (?:type )?\{([^}]*)\} from '\.[^']+';/gm)].flatMap(([, names]) =>
      names!.split(',').map(
        (one) =>
          one
            .trim()
            .replace(/^type /, '')
            .split(' as ')
            .at(-1)!,
      ),
    ),
    ...[...text.matchAll(/^(?:export )?(?:declare )?(?:class|interface|type) (\w+)/gm)].map(
      (match) => match[1]!,
    ),
  ]);
  const words = new Set(declaration.match(/\b[A-Z]\w*\b/g) ?? []);
  return { name, text: declaration, mentions: [...words].filter((word) => own.has(word) && word !== name) };
}

/** Behind the brace that closes the body, or behind the semicolon. */
function endOf(text: string, start: number): number {
  let depth = 0;
  const hasBody = /^export (?:declare )?(?:class|interface) /.test(text.slice(start));
  for (let i = start; i < text.length; i++) {
    if ('({['.includes(text[i]!)) depth++;
    if (')}]'.includes(text[i]!) && --depth === 0 && hasBody && text[i] === '}') return i + 1;
    if (text[i] === ';' && depth === 0) return i + 1;
  }
  return text.length;
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\n/gm, '')
    .replace(/^\/\/#.*$/gm, '');
}
