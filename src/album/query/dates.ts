/** Years, months and days as they are typed: `2019`, `2019-07`, `2019-07-04`, `2019..2021`, `2019-2021`. */

export interface Span {
  /** `2019-07`, compared as text with `2019-07-04T18:30:00`. */
  readonly from: string | null;
  readonly until: string | null;
}

const moment = String.raw`\d{4}(?:-\d\d(?:-\d\d)?)?`;
const single = new RegExp(`^(${moment})$`);
const range = new RegExp(`^(${moment})?(?:\\.\\.|–|—)(${moment})?$`);

/** Undefined where it is no date. */
export function spanOf(word: string): Span | undefined {
  const years = /^(\d{4})-(\d{4})$/.exec(word);
  if (years) return between(years[1], years[2]);
  const one = single.exec(word)?.[1];
  if (one !== undefined) return isMoment(one) ? { from: one, until: after(one) } : undefined;
  const [whole, from, until] = range.exec(word) ?? [];
  if (whole === undefined || (from === undefined && until === undefined)) return undefined;
  return between(from, until);
}

function between(from: string | undefined, until: string | undefined): Span | undefined {
  const bad = [from, until].some((text) => text !== undefined && !isMoment(text));
  return bad ? undefined : { from: from ?? null, until: until === undefined ? null : after(until) };
}

export function isMoment(text: string): boolean {
  const [year, month = 1, day = 1] = text.split('-').map(Number);
  const date = new Date(Date.UTC(year!, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The first moment that is no longer within it: `2019-12` → `2020-01`. */
export function after(text: string): string {
  const [year, month, day] = text.split('-').map(Number) as [number, number?, number?];
  if (month === undefined) return String(year + 1).padStart(4, '0');
  const next = day === undefined ? Date.UTC(year, month, 1) : Date.UTC(year, month - 1, day + 1);
  return new Date(next).toISOString().slice(0, text.length);
}
