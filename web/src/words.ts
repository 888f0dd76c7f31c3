/** Numbers and times for people. */

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** `97 %`; never 0 or 100: nothing is certain but what somebody said. */
export function percent(probability: number): string {
  if (probability > 0.99 && probability < 1) return '>99 %';
  if (probability < 0.01) return '<1 %';
  return `${Math.round(probability * 100)} %`;
}

/** Made once: it takes seventy times as long to make one as to use it, and a grid shows a hundred days a frame. */
const days = new Intl.DateTimeFormat(navigator.language, { day: 'numeric', month: 'long', year: 'numeric' });
const moments = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short' });

/** `4 July 2019` */
export function day(taken: string | null): string {
  if (taken === null) return 'no date';
  return days.format(new Date(`${taken.slice(0, 10)}T12:00:00`));
}

/** `4 Jul 2019, 15:04`, as the browser's language has it */
export function moment(at: string): string {
  return moments.format(new Date(at));
}

/** `1:05` */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

/** The size of files: `1.5 kB`, `39.0 MB`, `2.1 GB` */
export function fileSize(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
