/** A video with boxes over the running picture, and a lane for each person: when they are seen, and a click to go there. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { type AlbumPhoto, answered, client, photoFile, type Track } from '../api.ts';
import { isNamed, nameOf } from '../faces.ts';
import { useLoaded } from '../load.ts';
import { boxAt, type Lane, lanesOf } from '../tracks.ts';
import { clock, count } from '../words.ts';
import { placeOf } from './box-editor.tsx';

export function VideoPlayer(props: {
  readonly photo: AlbumPhoto;
  readonly chosen: string | undefined;
  readonly onChoose: (face: string) => void;
}) {
  const { photo, chosen, onChoose } = props;
  const { sha256, width, height } = photo;
  const player = useRef<HTMLVideoElement>(null);
  const time = useTime(player);
  const { answer } = useLoaded(
    () => answered(client.GET('/api/v1/photos/{sha256}/tracks', { params: { path: { sha256 } } })),
    `tracks ${sha256}`,
  );
  const tracks = answer?.tracks ?? [];
  const length = photo.duration ?? Math.max(0, ...tracks.map(({ to }) => to));
  const goTo = ({ face, from }: Track): void => {
    player.current!.currentTime = from;
    onChoose(face.face);
  };
  return (
    <div class="video">
      <div class="player" style={{ '--shape': String(width / height) }}>
        <video ref={player} controls preload="metadata" playsInline src={photoFile(sha256)}>
          <track kind="captions" />
        </video>
        {tracks.map((track) => (
          <MovingFrame key={track.face.face} track={track} time={time} chosen={track.face.face === chosen} />
        ))}
      </div>
      {length > 0 && tracks.length > 0 && (
        <ul class="lanes" aria-label="Who is seen when">
          {lanesOf(tracks).map((lane) => (
            <LaneRow key={lane.tracks[0]!.face.face} lane={lane} length={length} time={time} onGo={goTo} />
          ))}
        </ul>
      )}
      {answer && tracks.length === 0 && <p class="hint">whosin found no face in this video.</p>}
    </div>
  );
}

/** Seconds; moves on with every picture that is shown. */
function useTime(player: { readonly current: HTMLVideoElement | null }): number {
  const [time, setTime] = useState(0);
  useEffect(() => {
    const video = player.current!;
    let frame = 0;
    const follow = (): void => {
      setTime(video.currentTime);
      frame = video.paused ? 0 : requestAnimationFrame(follow);
    };
    const events = ['play', 'pause', 'seeking', 'seeked', 'timeupdate', 'loadedmetadata'];
    const onEvent = (): void => {
      cancelAnimationFrame(frame);
      follow();
    };
    for (const name of events) video.addEventListener(name, onEvent);
    return () => {
      cancelAnimationFrame(frame);
      for (const name of events) video.removeEventListener(name, onEvent);
    };
  }, []);
  return time;
}

/** The lanes tell the same in words. */
function MovingFrame(props: { readonly track: Track; readonly time: number; readonly chosen: boolean }) {
  const { track, time, chosen } = props;
  const box = boxAt(track, time);
  if (!box) return null;
  const { face } = track;
  return (
    <div
      class={`frame moving ${isNamed(face.state) ? '' : 'unknown'} ${chosen ? 'chosen' : ''}`}
      style={placeOf(box)}
      aria-hidden="true"
    >
      <span>{nameOf(face)}</span>
    </div>
  );
}

function LaneRow(props: {
  readonly lane: Lane;
  readonly length: number;
  readonly time: number;
  readonly onGo: (track: Track) => void;
}) {
  const { lane, length, time, onGo } = props;
  const share = (seconds: number): string => `${(Math.min(seconds, length) / length) * 100}%`;
  const isSeen = lane.tracks.some(({ from, to }) => time >= from && time <= to);
  return (
    <li class={isSeen ? 'seen' : ''}>
      <span class="lane-name">
        {lane.name} <small>{count(lane.tracks.length, 'time')}</small>
      </span>
      <div class="lane">
        {lane.tracks.map((track) => (
          <button
            key={track.face.face}
            type="button"
            class={lane.isKnown ? '' : 'unknown'}
            style={{ left: share(track.from), width: share(track.to - track.from) }}
            aria-label={`${lane.name}, ${clock(track.from)} to ${clock(track.to)}`}
            title={`${clock(track.from)} to ${clock(track.to)}`}
            onClick={() => onGo(track)}
          />
        ))}
        <span class="now" style={{ left: share(time) }} />
      </div>
    </li>
  );
}
