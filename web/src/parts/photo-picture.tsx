/** A photo with a frame around each face, and a box that is being drawn. */

import { type AlbumFace, type AlbumPhoto, type Box, photoPicture } from '../api.ts';
import { isNamed, nameOf, stateOf } from '../faces.ts';
import { count, fileName, percent } from '../words.ts';
import { BoxEditor, placeOf } from './box-editor.tsx';

export function PhotoPicture(props: {
  readonly photo: AlbumPhoto;
  readonly chosen: string | undefined;
  readonly onChoose: (face: string) => void;
  /** The box that is drawn or corrected, if any; `face` is the one that it belongs to. */
  readonly edited: { readonly face?: string; readonly box: Box } | undefined;
  readonly onEdit: (box: Box) => void;
}) {
  const { photo, chosen, onChoose, edited, onEdit } = props;
  const name = photo.files[0] === undefined ? 'a photo' : fileName(photo.files[0]);
  const shape = photo.width / photo.height;
  return (
    <div class="framed" style={{ aspectRatio: String(shape), '--shape': String(shape) }}>
      <img src={photoPicture(photo.sha256, 2048)} alt={`${name}, ${count(photo.faces.length, 'face')}`} />
      {photo.faces
        .filter(({ face }) => face !== edited?.face)
        .map((face) => (
          <Frame key={face.face} face={face} chosen={face.face === chosen} onChoose={onChoose} />
        ))}
      {edited && <BoxEditor box={edited.box} onChange={onEdit} />}
    </div>
  );
}

function Frame(props: {
  readonly face: AlbumFace;
  readonly chosen: boolean;
  readonly onChoose: (face: string) => void;
}) {
  const { face, chosen, onChoose } = props;
  return (
    <button
      type="button"
      class={`frame ${isNamed(face.state) ? '' : 'unknown'}`}
      aria-pressed={chosen}
      aria-label={`${nameOf(face)} ${stateOf(face)}`}
      style={placeOf(face.box)}
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
