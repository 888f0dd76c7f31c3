/** Entries of every kind that a person may say. */

import type { Said } from '../../src/catalog/said.ts';

export const sha256 = 'ab'.repeat(32);
export const said: readonly Said[] = [
  {
    uid: 'u1',
    at: Date.UTC(2026, 10, 29, 11, 10, 0, 123),
    who: 'Zoë',
    source: 'person',
    kind: 'is',
    person: { uid: 'p1', name: 'Grandma "G"\n' },
    faces: [
      {
        sha256,
        box: { left: 0.123456, top: 0.2, width: 0.3, height: 0.4 },
        time: 1.5,
        part: 1,
        was: { person: 'p2', probability: 0.25 },
      },
      { sha256, box: null, time: null, part: 0 },
    ],
  },
  {
    uid: 'u2',
    at: 0,
    who: '',
    source: 'xmp',
    kind: 'merge',
    person: { uid: 'p1', name: 'G' },
    other: 'p2',
    faces: [],
  },
  {
    uid: 'u4',
    at: 900,
    who: '',
    source: 'person',
    kind: 'born',
    person: { uid: 'p1', name: 'G' },
    date: '1931-05',
    faces: [],
  },
  {
    uid: 'u5',
    at: 950,
    who: '',
    source: 'person',
    kind: 'died',
    person: { uid: 'p1', name: 'G' },
    date: '',
    faces: [],
  },
  { uid: 'u3', at: 1000, who: '', source: 'api', kind: 'undo', undoes: 'u1', faces: [] },
];
