/** Albums: photos and videos, the people in them, what was said about them, and what follows from it. */

export type { PersonSummary } from '../catalog/people-table.ts';
export type { SaidKind, SaidSource } from '../catalog/said.ts';
export type { AnswerState } from '../catalog/schema.ts';
export type { NameChange } from '../photos/regions/put-names.ts';
export type { Added, AddOptions, AddStage } from './add.ts';
export type { Answered, QuestionAnswer } from './answer.ts';
export type { Restored } from './backup.ts';
export type { FaceChoice } from './choose-faces.ts';
export type { AlbumSettings } from './context.ts';
export type { Correction } from './correct.ts';
export type { ExportedPeople } from './export-people.ts';
export type { AlbumFace, AlbumFaces, FacesOf, FacesOptions } from './face-list.ts';
export type { FaceView } from './face-views.ts';
export type { FindOptions, Found, FoundInAlbum } from './find.ts';
export type { ForgetOptions, Forgotten } from './forget.ts';
export type { AlbumGroup, AlbumGroups, GroupsOptions } from './groups.ts';
export type { FailedFile } from './intake.ts';
export type { LogEntry, LogOptions } from './log.ts';
export type { Named, NameOptions } from './name.ts';
export { type Album, type AlbumOptions, openAlbum } from './open-album.ts';
export type { AlbumPeople, AlbumPerson, PeopleOptions } from './people-list.ts';
export type { AlbumPhoto } from './photo-view.ts';
export type { Question, QuestionOptions } from './questions.ts';
export type { AlbumStatus } from './status.ts';
export type { WatchOptions } from './watch.ts';
export type { WriteOptions, Written } from './write-names.ts';
export type { WrittenFile } from './write-names-of-photo.ts';
