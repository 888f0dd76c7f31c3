/** RECIPE: where is each face of a video, moment by moment? */

import type { SeenAt } from '../../catalog/sightings-table.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { type AlbumFace, withAnswers } from './face-list.ts';

export interface VideoTrack {
  readonly face: AlbumFace;
  /** Seconds: where the face is seen first and last. */
  readonly from: number;
  readonly to: number;
  /** In the order of time; boxes between two of them lie between their boxes. One if an earlier whosin read the video. */
  readonly seen: readonly SeenAt[];
}

/** In the order in which they are first seen. @throws WhosinError `not-found` */
export async function videoTracks({ catalog }: AlbumContext, sha256: string): Promise<readonly VideoTrack[]> {
  return catalog.read(async (tables) => {
    const [photo] = await tables.photos.bySha256([sha256]);
    if (photo?.kind !== 'video') throw new WhosinError('not-found', `This album has no video ${sha256}.`);
    const answers = (await tables.answers.inPhotos([photo.id])).filter(({ state }) => state !== 'not-a-face');
    const ids = answers.map(({ face }) => face);
    const times = new Map((await tables.faces.byIds(ids)).map(({ id, time }) => [id, time]));
    const seen = await tables.faces.sightings(ids);
    const tracks: VideoTrack[] = [];
    for (const answer of answers) {
      const time = times.get(answer.face);
      const [face] = await withAnswers(tables, [answer]);
      if (!time || !face) continue;
      const once = [{ time: time.at, box: face.box }];
      tracks.push({ face, from: time.from, to: time.to, seen: seen.get(answer.face) ?? once });
    }
    return tracks.toSorted((a, b) => a.from - b.from);
  });
}
