/** The page that `whosin demo` leaves behind. */

import { type Box, type Size, toRatio } from '../core/geometry.ts';
import type { Decision } from '../faces/people/gallery.ts';
import { type Html, html, image, page } from './html.ts';
import { probability } from './words.ts';

export interface DemoPhoto extends Size {
  readonly name: string;
  /** Address of the picture. */
  readonly picture: string;
  readonly faces: readonly DemoFace[];
}

export interface DemoFace {
  readonly box: Box<'px'>;
  readonly picture: string;
  /** Only in the photos that were asked about. */
  readonly decision?: Decision;
}

export interface DemoPerson {
  readonly name: string;
  readonly faces: readonly DemoFace[];
  /** Whether one of the four photos shows this person. */
  readonly taught: boolean;
}

export interface Demo {
  readonly taught: readonly DemoPhoto[];
  readonly asked: readonly DemoPhoto[];
  readonly people: readonly DemoPerson[];
}

export function demoPage({ taught, asked, people }: Demo): string {
  const photos = [...taught, ...asked];
  const faces = photos.reduce((sum, photo) => sum + photo.faces.length, 0);
  const again = people.filter((person) => person.faces.length > 1);
  const enrolled = people.filter((person) => person.taught);
  return page(
    'whosin: who is in these photos?',
    html`
<h1>Who is in these photos?</h1>
<p>Everything on this page was worked out on this computer from six photos: no cloud, no names given.</p>

<h2>1. Every face is found</h2>
<p>${faces} faces in ${photos.length} photos, from the front, turned away and in the dark.</p>
<div class="grid">${photos.map((photo) => photoFigure({ ...photo, faces: photo.faces.map(({ box, picture }) => ({ box, picture })) }))}</div>

<h2>2. Faces become people, without labels</h2>
<p>${again.length} people were found in more than one photo; the others were seen once. The names are made up.</p>
<div class="people">${people.map(personCard)}</div>

<h2>3. Four photos are lessons</h2>
<p>${enrolled.length} people were taught from ${taught.length} photos, one folder for each. One photo of a person is enough to begin.</p>
<pre><code>whosin train people/ -o people.onnx</code></pre>

<h2>4. Two photos are questions</h2>
<p>Each face gets a name with a probability of its own, or is called unknown. The probabilities of a face, unknown included, add up to 1.</p>
${asked.map(
  (photo) => html`
<div class="gap">${photoFigure(photo)}</div>
<div class="grid gap">${photo.faces.map(answerCard)}</div>`,
)}

<h2>Now your own photos</h2>
<p>Make one folder for each person, put photos in, and ask. They stay on this computer.</p>
<pre><code>whosin train photos/ -o people.onnx
whosin identify party.jpg album/ -m people.onnx --draw named/</code></pre>
`,
  );
}

function photoFigure(photo: DemoPhoto): Html {
  return html`<div class="photo">${image(photo.picture, `Photo ${photo.name} with ${photo.faces.length} faces`)}${photo.faces.map((face) => faceFrame(face, photo))}</div>`;
}

function faceFrame({ box, decision }: DemoFace, photo: DemoPhoto): Html {
  const { left, top, width, height } = toRatio(box, photo);
  const place = `left:${share(left)};top:${share(top)};width:${share(width)};height:${share(height)}`;
  if (!decision) return html`<div class="face" style="${place}"></div>`;
  // There is no room for a name above a face at the upper edge.
  const high = top < 0.05 ? 'high' : '';
  return html`<div class="face ${decision.kind} ${high}" style="${place}"><b>${nameOf(decision)}</b></div>`;
}

function personCard({ name, faces, taught }: DemoPerson): Html {
  return html`<div class="person"><div>${faces.map((face) => image(face.picture, `Face of ${name}`))}</div><b>${name}</b><small>${taught ? 'taught' : 'only in the questions'}</small></div>`;
}

function answerCard({ picture, decision }: DemoFace): Html {
  if (!decision) return html``;
  const bars = [
    ...decision.candidates.slice(0, 2).map(({ person, probability: p }) => bar(person, p, 'known')),
    bar('unknown', decision.unknown, 'unknown'),
  ];
  return html`<div class="answer">${image(picture, `Face, called ${nameOf(decision)}`)}<div><h3 class="${decision.kind}">${nameOf(decision)}</h3>${bars}</div></div>`;
}

function bar(label: string, p: number, kind: 'known' | 'unknown'): Html {
  return html`<div class="bar ${kind}"><span>${label}</span><span><i style="width:${share(p)}"></i></span><span>${probability(p)}</span></div>`;
}

function nameOf(decision: Decision): string {
  return decision.kind === 'known' ? decision.person : 'unknown';
}

function share(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}
