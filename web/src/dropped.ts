/** Pictures that were dropped or chosen, by labels: a label is the folder that they lie in. */

import { answered, client, Refusal } from './api.ts';

export interface Labelled {
  readonly label: string;
  readonly files: readonly File[];
}

interface Found {
  /** `flowers/daisy/1.jpg` */
  readonly path: string;
  readonly file: File;
}

const isPicture = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp|hei[cf])$/i;

/** Folders and the pictures in them; nothing of what is no picture. */
export async function fromDrop({ items }: DataTransfer): Promise<readonly Labelled[]> {
  // They are gone once the event is over, so all are taken before the first wait.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return byLabel((await Promise.all(entries.map((entry) => found(entry)))).flat());
}

/** From a field that chooses a folder. */
export function fromField(files: FileList): readonly Labelled[] {
  return byLabel([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

async function found(entry: FileSystemEntry): Promise<Found[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: Found[] = [];
  for (;;) {
    // Browsers give a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    for (const each of some) all.push(...(await found(each)));
  }
}

/** One folder that holds folders: those are the labels; else the folders that were given themselves. */
function byLabel(all: readonly Found[]): readonly Labelled[] {
  const pictures = all
    .map(({ path, file }) => ({ parts: path.split('/'), file }))
    .filter(({ parts }) => isPicture.test(parts.at(-1)!) && !parts.some((part) => part.startsWith('.')));
  const tops = new Set(pictures.map(({ parts }) => (parts.length > 1 ? parts[0] : '')));
  const place = tops.size === 1 && pictures.some(({ parts }) => parts.length > 2) ? 1 : 0;
  const labels = new Map<string, File[]>();
  for (const { parts, file } of pictures) {
    if (parts.length <= place + 1) continue;
    const label = parts[place]!;
    labels.set(label, [...(labels.get(label) ?? []), file]);
  }
  return [...labels]
    .map(([label, files]) => ({ label, files }))
    .toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

/** A request holds at most so many pictures and bytes, or one larger picture. */
const [mostFiles, mostBytes] = [16, 24 * 1024 * 1024];

/** Sends them to the server. @returns the name that trainings and evaluations know them by */
export async function upload(
  labels: readonly Labelled[],
  onProgress: (done: number, total: number) => void,
): Promise<string> {
  const total = labels.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  const { drop } = await answered(client.POST('/api/v1/drops'));
  for (const { label, files } of labels) {
    for (const batch of inBatches(files)) {
      const query = new URLSearchParams({ label });
      await send(`/api/v1/drops/${drop}/pictures?${query.toString()}`, batch);
      done += batch.length;
      onProgress(done, total);
    }
  }
  return drop;
}

function* inBatches(files: readonly File[]): Generator<readonly File[]> {
  let batch: File[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length > 0 && (batch.length === mostFiles || bytes + file.size > mostBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.size;
  }
  if (batch.length > 0) yield batch;
}

/** Throws the server's refusal. */
export async function send<T>(address: string, files: readonly File[]): Promise<T> {
  const body = new FormData();
  for (const file of files) body.append('photo', file, file.name);
  const response = await fetch(address, { method: 'POST', body }).catch(() => undefined);
  if (response === undefined) throw new Refusal({});
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer as { code?: string; detail?: string });
  return answer as T;
}
