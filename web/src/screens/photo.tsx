/** One photo or video with its faces. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { type AlbumFace, answered, type Box, client } from '../api.ts';
import { isNamed, nameOf, stateOf } from '../faces.ts';
import { useLoaded } from '../load.ts';
import { mayDo } from '../me.ts';
import { CorrectFace } from '../parts/correct-face.tsx';
import { DrawBar } from '../parts/draw-bar.tsx';
import { FacePicture } from '../parts/face-tile.tsx';
import { PhotoPicture } from '../parts/photo-picture.tsx';
import { PhotoSteps } from '../parts/photo-steps.tsx';
import { VideoPlayer } from '../parts/video-player.tsx';
import { WhyName } from '../parts/why-name.tsx';
import { clock, count, day, fileName } from '../words.ts';

interface Edited {
  /** The face whose box is corrected; left out for one that was missed. */
  readonly face?: string;
  readonly box: Box;
}

/** A box to begin with, for those who have no pointer. */
const middle: Box = { left: 0.42, top: 0.35, width: 0.16, height: 0.22 };

export function PhotoScreen({ sha256 }: { readonly sha256: string }) {
  const [chosen, setChosen] = useState<string>();
  const [edited, setEdited] = useState<Edited>();
  const { answer: photo, error } = useLoaded(
    () => answered(client.GET('/api/v1/photos/{sha256}', { params: { path: { sha256 } } })),
    sha256,
  );
  const forget = (): void => {
    setChosen(undefined);
    setEdited(undefined);
  };
  useEffect(forget, [sha256]);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') forget();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const isVideo = photo?.kind === 'video';
  return (
    <article class="photo">
      <header>
        <button type="button" class="back" onClick={() => history.back()}>
          ← Back
        </button>
        <PhotoSteps sha256={sha256} isOff={edited !== undefined} />
      </header>
      {error && <p class="failed">{error.message}</p>}
      {!error && !photo && <p class="loading">Opening …</p>}
      {!error && photo && (
        <>
          <div class="looked-at">
            {isVideo ? (
              <VideoPlayer photo={photo} chosen={chosen} onChoose={setChosen} />
            ) : (
              <PhotoPicture
                photo={photo}
                chosen={chosen}
                onChoose={(face) => setChosen(face === chosen ? undefined : face)}
                edited={edited}
                onEdit={(box) => setEdited((old) => old && { ...old, box })}
              />
            )}
            {edited && (
              <DrawBar
                photo={sha256}
                box={edited.box}
                face={photo.faces.find(({ face }) => face === edited.face)}
                onDone={forget}
              />
            )}
            {!isVideo && !edited && mayDo('answer') && (
              <p class="choices">
                <button type="button" onClick={() => setEdited({ box: middle })}>
                  Draw a missed face
                </button>
              </p>
            )}
          </div>
          <aside>
            <h1>{photo.files[0] === undefined ? 'A file that is gone' : fileName(photo.files[0])}</h1>
            <p>
              {day(photo.taken)}
              {photo.camera !== null && `, ${photo.camera}`}, {`${photo.width}\u00a0×\u00a0${photo.height}`}
            </p>
            {photo.files.map((file) => (
              <p key={file} class="path">
                {file}
              </p>
            ))}
            <h2>{count(photo.faces.length, 'face')}</h2>
            <ul class="in-photo">
              {photo.faces.map((one) => (
                <FaceRow
                  key={one.face}
                  face={one}
                  chosen={one.face === chosen}
                  onChoose={() => setChosen(one.face === chosen ? undefined : one.face)}
                  onBox={isVideo ? undefined : () => setEdited({ face: one.face, box: one.box })}
                />
              ))}
            </ul>
          </aside>
        </>
      )}
    </article>
  );
}

function FaceRow(props: {
  readonly face: AlbumFace;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onBox: (() => void) | undefined;
}) {
  const { face, chosen, onChoose, onBox } = props;
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <FacePicture face={face} person={isNamed(face.state) ? face.person : null} />
        <span>
          <b>{nameOf(face)}</b>
          <small>
            {[stateOf(face), face.time === null ? '' : `at ${clock(face.time)}`].filter(Boolean).join(', ')}
          </small>
        </span>
      </button>
      {chosen && (
        <>
          {mayDo('answer') && <CorrectFace face={face} onDone={onChoose} onBox={onBox} />}
          {face.state !== 'stranger' && <WhyName face={face.face} />}
        </>
      )}
    </li>
  );
}
