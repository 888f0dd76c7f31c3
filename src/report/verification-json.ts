/** The `--json` form of a comparison of two photos; documented in docs/JSON.md. */

import type { Face } from '../faces/find/face.ts';
import type { Verification } from '../faces/people/verify.ts';
import type { VerifiedJson } from './schema/recognition-schema.ts';

/** @param files the two photos, as they were named. @param same whether the likeliest pair is called one person */
export function verificationJson(
  { faces, pairs, measuredOn }: Verification,
  files: readonly [string, string],
  prior: number,
  same: boolean,
): VerifiedJson {
  return {
    schema: 1,
    files: [...files],
    same,
    prior,
    faces: [...faces],
    pairs: pairs.map((pair) => ({
      faces: [faceJson(pair.faces[0]), faceJson(pair.faces[1])],
      probability: pair.probability,
      logOdds: pair.logOdds,
      similarity: pair.similarity,
      falseMatchRate: pair.falseMatchRate,
    })),
    measuredOn,
  };
}

function faceJson({ box, score, quality }: Face): VerifiedJson['pairs'][number]['faces'][0] {
  return { box, score, quality };
}
