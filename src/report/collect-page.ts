/** The contact sheet: every photo of a set and what was set aside, small, with the way to overrule it. */

import { basename, join } from 'node:path';
import { type Reason, reasons } from '../collect/journal.ts';
import type { Review, ReviewedPhoto } from '../collect/review.ts';
import { openPictures, type Pictures } from './evaluate-pictures.ts';
import { type Html, html, image, page } from './html.ts';
import { count, forShell, reasonText, shown } from './words.ts';

/** A page with tens of thousands of pictures opens in no browser. */
const mostPictures = 4000;

const style = `
h3 { margin: 22px 0 6px; font-size: 1.02rem } h3 small { color: var(--soft); font-weight: 400 }
h3.aside { color: var(--unknown) }
.sheet { display: flex; flex-wrap: wrap; gap: 10px }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 8px; max-width: 260px }
figure .shot { position: relative; width: fit-content; margin: 0 auto } figure img { max-height: 128px; max-width: 240px; border-radius: 6px }
figure .shot i { position: absolute; border: 2px solid #35d07f; border-radius: 5px; box-shadow: 0 0 0 1px #0008 }
figure.aside .shot i { border-color: #ffb020 }
figcaption { font-size: 0.78rem; line-height: 1.4; color: var(--soft); margin-top: 6px; overflow-wrap: anywhere }
figcaption b { color: var(--ink); font-weight: 500 } figcaption a { color: inherit }
figure .none { height: 128px; width: 128px; display: grid; place-items: center; color: var(--soft); font-size: 0.8rem }
code.do { display: block; font-size: 0.72rem; margin-top: 3px; user-select: all }
`;

export async function contactSheet(report: Review): Promise<string> {
  const pictures = openPictures();
  const budget = { left: mostPictures };
  const sections: Html[] = [];
  for (const name of report.names) sections.push(await section(report, name, pictures, budget));
  const folder = shown(report.root);
  return page(
    `Contact sheet of ${shown(basename(report.root))}`,
    html`
<h1>Contact sheet</h1>
<p>${count(report.photos.filter(({ reason }) => reason === null).length, 'photo')} of ${count(report.names.length, 'name')} in ${folder}; ${count(report.photos.filter(({ reason }) => reason !== null).length, 'photo')} set aside. A frame marks the face that is taken for the person.</p>
<p>To overrule: move a file to the folder where it belongs, or give its path (below each photo) to one of these. Your
decisions stay.</p>
<pre># a photo that was set aside comes back
whosin collect review ${forShell(report.root)} --keep FILE …
# a photo leaves the set
whosin collect remove ${forShell(report.root)} FILE …</pre>
${sections}`,
    style,
  );
}

interface Budget {
  left: number;
}

async function section(report: Review, name: string, pictures: Pictures, budget: Budget): Promise<Html> {
  const own = report.photos.filter((photo) => photo.name === name);
  const groups: Html[] = [];
  for (const reason of [...reasons, null]) {
    const photos = own.filter((photo) => photo.reason === reason);
    if (photos.length > 0) groups.push(await group(report, reason, photos, pictures, budget));
  }
  return html`<h2>${shown(name)}</h2>
${groups}`;
}

async function group(
  report: Review,
  reason: Reason | null,
  photos: readonly ReviewedPhoto[],
  pictures: Pictures,
  budget: Budget,
): Promise<Html> {
  const cards: Html[] = [];
  for (const photo of photos.slice(0, Math.max(0, budget.left)))
    cards.push(await card(report, photo, pictures));
  budget.left -= photos.length;
  const title = reason === null ? 'Part of the set' : `Set aside: ${reasonText[reason]}`;
  const rest = photos.length - cards.length;
  return html`<h3 class="${reason === null ? '' : 'aside'}">${title} <small>${photos.length}</small></h3>
<div class="sheet">${cards}</div>${rest > 0 ? html`<p>and ${rest} more, not shown</p>` : html``}
`;
}

async function card(report: Review, photo: ReviewedPhoto, pictures: Pictures): Promise<Html> {
  const { path, reason, why, doubt, unclear, byPerson, faces, provenance } = photo;
  const picture = reason === 'broken' ? undefined : await pictures.photo(join(report.root, path));
  const remarks = [
    why,
    doubt?.why && `doubted: ${doubt.why}`,
    unclear ? 'unclear face' : undefined,
    faces !== undefined && faces > 1 ? `${faces} faces` : undefined,
    byPerson && provenance ? 'decided by you' : undefined,
    byPerson && !provenance ? 'your own' : undefined,
  ].filter((remark) => typeof remark === 'string' && remark !== '');
  const source = provenance?.page ?? provenance?.address;
  return html`<figure class="${reason === null ? '' : 'aside'}">
<div class="shot">${picture === undefined ? html`<div class="none">no picture</div>` : html`${image(picture, `Photo of ${shown(photo.name)}: ${shown(path)}`)}${frame(photo)}`}</div>
<figcaption>${remarks.length > 0 ? html`<b>${shown(remarks.join('; '))}</b><br>` : html``}${source !== undefined && /^https?:/.test(source) ? html`<a href="${source}" rel="noreferrer">${provenance!.source}</a>` : html`${provenance?.source ?? ''}`}
<code class="do">${shown(path)}</code></figcaption></figure>
`;
}

/** In shares of the picture, which is shown whole. */
function frame({ face, size }: ReviewedPhoto): Html {
  if (!face || !size) return html``;
  const { left, top, width, height } = face.box;
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;
  const place = `left:${share(left, size.width)};top:${share(top, size.height)};width:${share(width, size.width)};height:${share(height, size.height)}`;
  return html`<i style="${place}"></i>`;
}
