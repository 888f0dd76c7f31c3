/** Names without a place: fields for people, and keywords, which may be anything. */

import { iptcExtension } from './iptc.ts';
import type { NameHint } from './region.ts';
import type { XmpPacket } from './xmp.ts';
import { fieldOf, itemsOf, propertyOf, textOf, textsOf } from './xmp-values.ts';

type Hint = Omit<NameHint, 'file'>;

/** Fields of keywords; those with a path of keywords, and what stands between its steps. */
const keywordFields: readonly {
  readonly field: string;
  readonly uri: string;
  readonly local: string;
  readonly step?: string;
}[] = [
  { field: 'digiKam:TagsList', uri: 'http://www.digikam.org/ns/1.0/', local: 'TagsList', step: '/' },
  {
    field: 'lr:hierarchicalSubject',
    uri: 'http://ns.adobe.com/lightroom/1.0/',
    local: 'hierarchicalSubject',
    step: '|',
  },
  {
    field: 'MicrosoftPhoto:LastKeywordXMP',
    uri: 'http://ns.microsoft.com/photo/1.0/',
    local: 'LastKeywordXMP',
    step: '/',
  },
  // As digiKam writes its name, without the stroke at its end.
  {
    field: 'MicrosoftPhoto:LastKeywordXMP',
    uri: 'http://ns.microsoft.com/photo/1.0',
    local: 'LastKeywordXMP',
    step: '/',
  },
  {
    field: 'mediapro:CatalogSets',
    uri: 'http://ns.iview-multimedia.com/mediapro/1.0/',
    local: 'CatalogSets',
    step: '|',
  },
  { field: 'dc:subject', uri: 'http://purl.org/dc/elements/1.1/', local: 'subject' },
];

/** How programs call the branch of their keywords that holds people, in the languages they speak. */
const peopleBranches =
  /^(people|persons?|faces?|person[ae]s|personen|menschen|leute|gesichter|personnes|visages|pessoas|gente|persone|personer|mensen|osoby|люди|人物|人)$/iu;

/** Each name once; what is surely a person's goes before keywords. */
export function readHints(packet: XmpPacket): Hint[] {
  const hints: Hint[] = [];
  const person = (name: string, field: string): number => hints.push({ name, kind: 'person', field });
  const shown = propertyOf(packet, iptcExtension, 'PersonInImage')?.value;
  for (const name of textsOf(shown)) person(name, 'Iptc4xmpExt:PersonInImage');
  const details = propertyOf(packet, iptcExtension, 'PersonInImageWDetails')?.value;
  for (const one of itemsOf(details)) {
    const name = textOf(fieldOf(one, 'PersonName'));
    if (name !== undefined) person(name, 'Iptc4xmpExt:PersonInImageWDetails');
  }
  for (const { field, uri, local, step } of keywordFields) {
    for (const keyword of textsOf(propertyOf(packet, uri, local)?.value)) {
      const steps = step === undefined ? [keyword] : keyword.split(step).map((word) => word.trim());
      const name = steps.at(-1)!;
      if (name === '') continue;
      const isPerson = steps.length > 1 && steps.slice(0, -1).some((word) => peopleBranches.test(word));
      hints.push({ name, kind: isPerson ? 'person' : 'keyword', field });
    }
  }
  return withoutRepetition(hints);
}

/** Each name once; a person's before a keyword of the same words. */
export function withoutRepetition<H extends Hint>(hints: readonly H[]): H[] {
  const byName = new Map<string, H>();
  for (const hint of hints) {
    const known = byName.get(hint.name);
    if (known === undefined || (known.kind === 'keyword' && hint.kind === 'person')) {
      byName.set(hint.name, hint);
    }
  }
  return [...byName.values()];
}
