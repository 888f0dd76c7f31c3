/** Self-contained HTML pages: escaped text, inline style, pictures as data addresses, nothing fetched. */

/** HTML that may go into a page as it is. */
export interface Html {
  readonly html: string;
}

/** A template in which every value is escaped unless it is `Html` itself; lists are joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return {
    html: parts.map((part, i) => part + (i < values.length ? toHtml(values[i]!) : '')).join(''),
  };
}

function toHtml(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((v) => v.html).join('');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function jpegAddress(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
}

/** @param alternative what is to be seen, for those who cannot: who, or what, and in which photo */
export function image(address: string, alternative: string): Html {
  return html`<img src="${address}" alt="${alternative}" loading="lazy">`;
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1e23, #e9ebee); --soft: light-dark(#5d6673, #9aa4b1);
  --paper: light-dark(#fbfaf7, #14161a); --card: light-dark(#ffffff, #1e2127); --line: light-dark(#e6e2da, #2d323a);
  --known: light-dark(#12894b, #35d07f); --unknown: light-dark(#b96f00, #ffb020); }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 1120px; margin: 0 auto; padding: 48px 24px 80px }
h1 { font-size: 2.4rem; line-height: 1.15; margin: 0 0 8px; letter-spacing: -0.02em; text-wrap: balance }
h2 { font-size: 1.35rem; margin: 56px 0 4px; letter-spacing: -0.01em }
p { margin: 4px 0 16px; color: var(--soft); max-width: 68ch }
img { display: block; max-width: 100%; height: auto }
code { font: 0.9em/1.6 ui-monospace, monospace }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; overflow-x: auto }
.grid { display: grid; gap: 16px; align-items: start; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)) }
.photo { position: relative; border-radius: 12px; overflow: hidden; background: var(--card) }
.photo img { width: 100% }
.face { position: absolute; border: 2px solid #fff; border-radius: 8px; box-shadow: 0 0 0 1px #0008 }
.face.known { border-color: #35d07f } .face.unknown { border-color: #ffb020 }
.face b { position: absolute; left: -2px; bottom: 100%; padding: 1px 8px; border-radius: 6px 6px 6px 0; white-space: nowrap;
  font-size: 13px; color: #10130f; background: #35d07f }
.face.unknown b { background: #ffb020 }
.face.high b { bottom: auto; top: 100%; border-radius: 0 6px 6px 6px }
.people { display: flex; flex-wrap: wrap; gap: 12px }
.person { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 10px }
.person div { display: flex; gap: 6px } .person img { width: 84px; height: 84px; border-radius: 8px; object-fit: cover }
.person b { display: block; margin-top: 6px } .person small { color: var(--soft) }
.answer { display: grid; grid-template-columns: 96px 1fr; gap: 14px; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 12px }
.answer img { width: 96px; height: 96px; border-radius: 8px; object-fit: cover }
.answer h3 { margin: 0 0 6px; font-size: 1.05rem } .answer h3.known { color: var(--known) } .answer h3.unknown { color: var(--unknown) }
.bar { display: grid; grid-template-columns: 84px 1fr 48px; gap: 8px; align-items: center; font-size: 13px; color: var(--soft) }
.bar span:nth-child(2) { height: 8px; border-radius: 4px; background: var(--line); overflow: hidden }
.bar i { display: block; height: 100%; background: var(--known) } .bar.unknown i { background: var(--unknown) }
.bar span:last-child { text-align: right; font-variant-numeric: tabular-nums }
.gap { margin-top: 16px }
@media (max-width: 480px) { main { padding: 28px 14px 60px } h1 { font-size: 1.8rem } }
`;

/** @param ownStyle rules of this page alone, after those of all pages */
export function page(title: string, body: Html, ownStyle = ''): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: style + ownStyle }}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.html;
}
