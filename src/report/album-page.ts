/** Pages of an album: groups that wait for a name, photos that were found, the question that is asked. */

import type { FaceView } from '../album/facts/face-views.ts';
import type { Album } from '../album/open-album.ts';
import type { Question } from '../album/said/questions.ts';
import type { Found } from '../album/search/find.ts';
import type { AlbumGroups } from '../album/views/groups.ts';
import { groupLine, questionLine } from './album-words.ts';
import { type Html, html, image, jpegAddress, page } from './html.ts';
import { faceThumbnails, photoThumbnail } from './thumbnails.ts';
import { count, probability, shown } from './words.ts';

/** Shown at half of this, for screens with two pixels for one. */
const faceSide = 192;
const photoSide = 360;

/** A page with more pictures opens slowly. */
const mostPhotos = 500;

const style = `
.faces { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 28px }
.faces img { width: 96px; height: 96px; border-radius: 8px; background: var(--card) }
.faces .none { width: 96px; height: 96px; border-radius: 8px; background: var(--card); color: var(--soft); font-size: 12px;
  display: grid; place-items: center; text-align: center }
.found { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)) }
figure { margin: 0 } figure img { width: 100%; border-radius: 10px }
figcaption { font-size: 12px; color: var(--soft); overflow-wrap: anywhere; margin-top: 4px }
`;

export async function groupsPage(album: Album, { total, groups }: AlbumGroups): Promise<string> {
  const sections: Html[] = [];
  for (const group of groups) {
    sections.push(html`<h2>Group ${group.group}</h2>
<p>${groupLine(group)
      .trim()
      .replace(/^\d+\s+/, '')}. <code>whosin album name ${group.group} "…"</code></p>
<div class="faces">${await pictures(album, group.shown)}</div>`);
  }
  return page(
    'whosin: groups without a name',
    html`<h1>${count(total, 'group')} without a name</h1>
<p>Each is probably one person. The largest come first${groups.length < total ? `; ${groups.length} are shown` : ''}.</p>
${sections}`,
    style,
  );
}

/** Opens beside the terminal and follows what is asked there. */
export async function questionPage(album: Album, question: Question | undefined): Promise<string> {
  const body = question
    ? html`<h1>${questionLine(question)}</h1>
<p>${question.likely.map(({ person, probability: p }, i) => html`${i > 0 ? ', ' : ''}${i + 1} ${shown(person)} ${probability(p)}`)}</p>
<div class="faces">${await pictures(album, question.shown)}</div>`
    : html`<h1>Nothing left to ask</h1>`;
  return page('whosin: a question', html`<meta http-equiv="refresh" content="1">${body}`, style);
}

export async function foundPage(query: string, { meaning, total, photos }: Found): Promise<string> {
  const some = photos.slice(0, mostPhotos);
  const figures: Html[] = [];
  for (const { path, kind, taken, people } of some) {
    const picture =
      kind === 'photo' ? await photoThumbnail(path, photoSide).then(jpegAddress, () => undefined) : undefined;
    const names = people.map(({ person, probability: p, age }) =>
      `${shown(person)}${age === null ? '' : `, ${count(age, 'year')}`} ${p === 1 ? '' : probability(p)}`.trim(),
    );
    figures.push(html`<figure>${picture === undefined ? html`` : image(picture, shown(path))}
<figcaption>${names.join(', ')}${names.length > 0 ? html`<br>` : html``}${taken?.slice(0, 10) ?? ''} ${shown(path)}</figcaption></figure>`);
  }
  return page(
    `whosin: ${query}`,
    html`<h1>${shown(query)}</h1>
<p>${count(total, 'photo')}${some.length < total ? `, ${some.length} are shown` : ''}. Looked for: ${meaning.join('; ')}.</p>
<div class="found">${figures}</div>`,
    style,
  );
}

async function pictures(album: Album, faces: readonly FaceView[]): Promise<Html[]> {
  const made: Html[] = [];
  for (const face of faces) {
    const picture = await facePicture(album, face).catch(() => undefined);
    const name = shown(face.path ?? 'no longer there');
    made.push(
      picture === undefined
        ? html`<span class="none" title="${name}">no picture</span>`
        : html`<span title="${name}">${image(picture, `a face in ${name}`)}</span>`,
    );
  }
  return made;
}

async function facePicture(album: Album, face: FaceView): Promise<string | undefined> {
  if (face.kind === 'video') {
    const still = await album.still(face.key);
    return still && jpegAddress(still);
  }
  if (face.path === null) return undefined;
  const [picture] = await faceThumbnails(face.path, [face.box], faceSide);
  return jpegAddress(picture!);
}
