/** RECIPE: how did somebody look, year by year? */

import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';

export interface YearOfPerson {
  /** Four digits, as the clocks showed it. */
  readonly year: string;
  /** So many photos and videos of that year show the person. */
  readonly photos: number;
  /** The clearest face of that year. */
  readonly face: FaceView;
}

/** The earliest first; photos without a date are left out. @throws WhosinError `not-found` */
export async function personYears({ catalog }: AlbumContext, uid: string): Promise<readonly YearOfPerson[]> {
  return catalog.read(async (tables) => {
    const person = (await tables.people.all()).find((one) => one.uid === uid);
    if (person === undefined) throw new WhosinError('not-found', `This album has no person ${uid}.`);
    const years = await tables.answers.years(person.id);
    const views = await faceViews(
      tables,
      years.map(({ face }) => face),
    );
    const viewOf = new Map(views.map(({ face, ...view }) => [face, view]));
    return years.flatMap(({ year, photos, face }) => {
      const view = viewOf.get(face);
      return view ? [{ year, photos, face: view }] : [];
    });
  });
}
