/** A search as the conditions that commas join: chips add and remove them. */

const quotes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' };

/** Commas in quotation marks and in parentheses join nothing. */
export function conditionsOf(query: string): string[] {
  const parts = [''];
  let closing: string | undefined;
  let depth = 0;
  for (const c of query) {
    if (closing !== undefined) closing = c === closing ? undefined : closing;
    else if (quotes[c] !== undefined) closing = quotes[c];
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    if (c === ',' && closing === undefined && depth <= 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim().replaceAll(/\s+/g, ' ')).filter(Boolean);
}

/** With the condition if it was not there, else without it. */
export function toggled(query: string, condition: string): string {
  const parts = conditionsOf(query);
  const others = parts.filter((part) => part !== condition);
  return (others.length < parts.length ? others : [...parts, condition]).join(', ');
}
