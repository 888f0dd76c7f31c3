/** One photo or video with its faces. */

import { useEffect, useRef, useState } from 'preact/hooks';
import {
  type AlbumFace,
  type AlbumPhoto,
  answered,
  client,
  correct,
  photoFile,
  photoPicture,
} from '../api.ts';
import { useLoaded } from '../load.ts';
import { FacePicture } from '../parts/face-tile.tsx';
import { NameField } from '../parts/name-field.tsx';
import { usePeople } from '../people.ts';
import { saying } from '../said.ts';
import { clock, count, day, fileName, percent } from '../words.ts';

export function PhotoScreen({ sha256 }: { readonly sha256: string }) {
  const [chosen, setChosen] = useState<string>();
  const { answer: photo, error } = useLoaded(
    () => answered(client.GET('/api/v1/photos/{sha256}', { params: { path: { sha256 } } })),
    sha256,
  );
  useEffect(() => setChosen(undefined), [sha256]);
  if (error) return <p class="failed">{error.message}</p>;
  if (!photo) return <p class="loading">Opening …</p>;
  const face = photo.faces.find((one) => one.face === chosen);
  return (
    <article class="photo">
      <button type="button" class="back" onClick={() => history.back()}>
        ← Back
      </button>
      {photo.kind === 'video' ? (
        <Video photo={photo} onChoose={setChosen} />
      ) : (
        <Picture photo={photo} chosen={chosen} onChoose={setChosen} />
      )}
      <aside>
        <h1>{photo.files[0] === undefined ? 'A file that is gone' : fileName(photo.files[0])}</h1>
        <p>
          {day(photo.taken)}
          {photo.camera !== null && `, ${photo.camera}`}, {photo.width} × {photo.height}
        </p>
        {photo.files.map((file) => (
          <p key={file} class="path">
            {file}
          </p>
        ))}
        <h2>{count(photo.faces.length, 'face')}</h2>
        <ul class="in-photo">
          {photo.faces.map((one) => (
            <li key={one.face}>
              <button
                type="button"
                aria-pressed={one.face === chosen}
                onClick={() => setChosen(one.face === chosen ? undefined : one.face)}
              >
                <FacePicture face={one} person={isNamed(one.state) ? one.person : null} />
                <span>
                  <b>{nameOf(one)}</b>
                  <small>{stateOf(one)}</small>
                </span>
              </button>
              {one.face === face?.face && <Correct face={one} onDone={() => setChosen(undefined)} />}
            </li>
          ))}
        </ul>
      </aside>
    </article>
  );
}

function nameOf({ person, state }: AlbumFace): string {
  if (state === 'stranger') return 'nobody you know';
  // A suggestion is no name.
  return isNamed(state) && person !== null ? person : 'no name';
}

function isNamed(state: AlbumFace['state']): boolean {
  return state === 'confirmed' || state === 'automatic';
}

function stateOf({ state, person, probability }: AlbumFace): string {
  if (state === 'confirmed') return 'confirmed';
  if (state === 'automatic') return `named by whosin, ${percent(probability ?? 0)}`;
  if (state === 'suggested') return `perhaps ${person}, ${percent(probability ?? 0)}`;
  return '';
}

interface Choosing {
  readonly photo: AlbumPhoto;
  readonly chosen?: string | undefined;
  readonly onChoose: (face: string) => void;
}

function Picture({ photo, chosen, onChoose }: Choosing) {
  const name = photo.files[0] === undefined ? 'a photo' : fileName(photo.files[0]);
  return (
    <div class="framed" style={`aspect-ratio:${photo.width}/${photo.height}`}>
      <img src={photoPicture(photo.sha256, 2048)} alt={`${name}, ${count(photo.faces.length, 'face')}`} />
      {photo.faces.map((face) => (
        <Frame key={face.face} face={face} chosen={face.face === chosen} onChoose={onChoose} />
      ))}
    </div>
  );
}

function Frame(props: {
  readonly face: AlbumFace;
  readonly chosen: boolean;
  readonly onChoose: (face: string) => void;
}) {
  const { face, chosen, onChoose } = props;
  const { left, top, width, height } = face.box;
  const place = [left, top, width, height].map((part) => `${part * 100}%`);
  return (
    <button
      type="button"
      class={`frame ${isNamed(face.state) ? '' : 'unknown'}`}
      aria-pressed={chosen}
      aria-label={`${nameOf(face)} ${stateOf(face)}`}
      style={{ left: place[0], top: place[1], width: place[2], height: place[3] }}
      onClick={() => onChoose(face.face)}
    >
      {face.person !== null && isNamed(face.state) && (
        <span>
          {face.person}
          {face.state === 'automatic' && ` ${percent(face.probability ?? 0)}`}
        </span>
      )}
    </button>
  );
}

function Video({ photo, onChoose }: Choosing) {
  const player = useRef<HTMLVideoElement>(null);
  const length = photo.duration ?? 0;
  return (
    <div class="video">
      <video ref={player} controls preload="metadata" src={photoFile(photo.sha256)}>
        <track kind="captions" />
      </video>
      {length > 0 && (
        <ul class="lanes" aria-label="Faces in time">
          {photo.faces
            .filter(({ time }) => time !== null)
            .map((face) => (
              <li key={face.face}>
                <button
                  type="button"
                  style={{ marginLeft: `${(face.time! / length) * 100}%` }}
                  title={`${nameOf(face)} at ${clock(face.time!)}`}
                  onClick={() => {
                    player.current!.currentTime = face.time!;
                    onChoose(face.face);
                  }}
                >
                  {nameOf(face)} {clock(face.time!)}
                </button>
              </li>
            ))}
        </ul>
      )}
    </div>
  );
}

function Correct({ face, onDone }: { readonly face: AlbumFace; readonly onDone: () => void }) {
  const people = usePeople();
  const faces = [face.face];
  const say = async (text: string, work: () => ReturnType<typeof correct>): Promise<void> => {
    if (await saying(text, work)) onDone();
  };
  const { person } = face;
  return (
    <div class="choices">
      {person !== null && face.state !== 'confirmed' && (
        <button
          type="button"
          class="first"
          onClick={() => void say(`${person}: confirmed.`, () => correct({ kind: 'is', person, faces }))}
        >
          Yes, {person}
        </button>
      )}
      {person !== null && (
        <button
          type="button"
          onClick={() => void say(`Not ${person}.`, () => correct({ kind: 'is-not', person, faces }))}
        >
          Not {person}
        </button>
      )}
      <NameField
        people={people}
        label="Who is it?"
        onName={(name) => say(`${name}.`, () => correct({ kind: 'is', person: name, faces }))}
      />
      <button
        type="button"
        class="plain"
        onClick={() => void say('Nobody you know.', () => correct({ kind: 'stranger', faces }))}
      >
        Nobody I know
      </button>
      <button
        type="button"
        class="plain"
        onClick={() => void say('Not a face.', () => correct({ kind: 'not-a-face', faces }))}
      >
        Not a face
      </button>
    </div>
  );
}
