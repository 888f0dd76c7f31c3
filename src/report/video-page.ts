/** The page of `identify --report`: a lane for each person; a click jumps to the moment in the clip. */

import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { IdentifiedVideo } from '../video/identified-video.ts';
import type { PersonOverTime } from '../video/people-over-time.ts';
import { type Html, html, image, jpegAddress, page } from './html.ts';
import { clock, count, personLabel, probability, shown, trackLabel } from './words.ts';

const style = `
section { margin-bottom: 64px }
video { width: 100%; max-height: 62vh; background: #000; border-radius: 12px; display: block }
.missing { border: 1px dashed var(--line); border-radius: 12px; padding: 14px 18px; color: var(--soft); display: none }
.lanes { display: grid; grid-template-columns: minmax(150px, max-content) 1fr; gap: 6px 14px; align-items: center; margin: 20px 0 }
.who { display: flex; gap: 10px; align-items: center; min-width: 0 } .who img { width: 44px; height: 44px; border-radius: 8px }
.who span { overflow-wrap: anywhere } .who small { display: block; color: var(--soft) }
.lane { position: relative; height: 34px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
.lane button { position: absolute; top: 5px; bottom: 5px; min-width: 5px; border: 0; border-radius: 4px; background: var(--known);
  cursor: pointer; padding: 0 }
.lane.unknown button { background: var(--unknown) } .lane button:hover, .lane button:focus-visible { outline: 2px solid var(--ink) }
.lane i { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--line) }
.lane b { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--ink); left: 0; pointer-events: none }
.axis { position: relative; height: 20px; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums }
.axis span { position: absolute; transform: translateX(-50%) } .axis span:first-child { transform: none }
.axis span:last-child { transform: translateX(-100%) }
.stills { display: flex; flex-wrap: wrap; gap: 10px } .stills button { font: inherit; font-size: 13px; color: inherit; text-align: left;
  background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 8px; width: 136px; cursor: pointer }
.stills img { width: 118px; height: 118px; border-radius: 8px; margin-bottom: 4px } .stills small { color: var(--soft); display: block }
.stills .known { color: var(--known) } .stills .unknown { color: var(--unknown) } .stills span { overflow-wrap: anywhere; font-weight: 600 }
.remark { color: var(--unknown) }
`;

/** Jumps in the clip of the section that was clicked in, and shows where the clip is in every lane. */
const script = `
for (const section of document.querySelectorAll('section')) {
  const video = section.querySelector('video');
  const from = Number(section.dataset.from), length = Number(section.dataset.to) - from;
  for (const button of section.querySelectorAll('[data-time]')) button.addEventListener('click', () => {
    video.currentTime = Number(button.dataset.time);
    video.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  });
  video.addEventListener('timeupdate', () => {
    const at = Math.min(100, Math.max(0, (video.currentTime - from) / length * 100));
    for (const mark of section.querySelectorAll('.lane b')) mark.style.left = at + '%';
  });
  video.addEventListener('error', () => { section.querySelector('.missing').style.display = 'block'; });
}
`;

/** @param target where the page will be: clips are named from there */
export function videoPage(videos: readonly IdentifiedVideo[], target: string): string {
  const [first] = videos;
  const title =
    videos.length === 1
      ? `whosin: who is in ${shown(basename(first!.path))}?`
      : 'whosin: who is in these videos?';
  return page(
    title,
    html`
<h1>Who is in ${videos.length === 1 ? 'this video' : 'these videos'}, and when?</h1>
<p>Worked out on this computer. Click a bar or a face to jump there; the clip itself is not inside this page but played from where it lies.</p>
${videos.map((video) => section(video, target))}
<script>${{ html: script }}</script>`,
    style,
  );
}

function section(video: IdentifiedVideo, target: string): Html {
  const { path, people, tracks, read, width, height } = video;
  const unclear = tracks.filter((track) => trackLabel(track) === 'unclear').length;
  return html`
<section data-from="${read.from}" data-to="${read.to}">
<h2>${shown(basename(path))}</h2>
<p>${clock(read.to - read.from)}, ${width} × ${height}, ${count(read.looked, 'frame')} of ${read.frames} looked at, ${count(tracks.length, 'track')}${unclear > 0 ? `, ${unclear} of them too unclear to tell` : ''}.</p>
${video.cutOff === undefined ? html`` : html`<p class="remark">The file is damaged or cut off after ${clock(read.to)}: ${video.cutOff}.</p>`}
<video controls preload="metadata" src="${addressFrom(target, path)}#t=${people[0]?.best ?? read.from}"></video>
<p class="missing">The browser cannot play this clip here: it was moved, or it is in a format that browsers do not know.</p>
${people.length === 0 ? html`<p>No face was found.</p>` : html`<div class="lanes">${people.map((person) => lane(person, video))}<span></span>${axis(video)}</div>`}
<h3>Every track at its best</h3>
<div class="stills">${tracks.map((track) => {
    const { still, decision, from, to } = track;
    return html`<button data-time="${still.time}">${image(jpegAddress(still.jpeg), `Face of ${shown(trackLabel(track))}, at ${clock(still.time, 1)}`)}<span class="${decision.kind}">${shown(trackLabel(track))}</span> ${probability(decision.probability)}<small>${clock(from, 1)}–${clock(to, 1)}</small></button>`;
  })}</div>
</section>`;
}

function lane(person: PersonOverTime, { tracks, read, cuts }: IdentifiedVideo): Html {
  const own = person.tracks.map((i) => tracks[i]!);
  const { still } = own.reduce((a, b) => (b.quality > a.quality ? b : a));
  const at = (time: number): string => share(time, read).toFixed(3);
  const kind = person.person === null ? 'unknown' : 'known';
  const bars = person.spans.map(
    ({ from, to, probability: p, best }) =>
      html`<button data-time="${from}" style="left:${at(from)}%;width:${(share(to, read) - share(from, read)).toFixed(3)}%" title="${clock(from)}–${clock(to)}, ${probability(p)}, best at ${clock(best)}"></button>`,
  );
  return html`<div class="who">${image(jpegAddress(still.jpeg), `Face of ${shown(personLabel(person))}`)}<span>${shown(personLabel(person))}<small>${probability(person.probability)}, ${person.seconds.toFixed(1)} s</small></span></div>
<div class="lane ${kind}">${cuts.map((cut) => html`<i style="left:${at(cut)}%"></i>`)}${bars}<b></b></div>`;
}

function axis({ read }: IdentifiedVideo): Html {
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => read.from + part * (read.to - read.from));
  return html`<div class="axis">${marks.map((time) => html`<span style="left:${share(time, read).toFixed(2)}%">${clock(time)}</span>`)}</div>`;
}

/** Percent of what was read. */
function share(time: number, { from, to }: IdentifiedVideo['read']): number {
  return to > from ? (Math.min(Math.max(time - from, 0), to - from) / (to - from)) * 100 : 0;
}

function addressFrom(target: string, path: string): string {
  const way = relative(dirname(resolve(target)), resolve(path));
  return way.split(sep).map(encodeURIComponent).join('/');
}
