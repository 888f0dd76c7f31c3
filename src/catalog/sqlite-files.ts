/**
 * Whether this process opened an album's file. libsql closes it, and removes the log and the index beside it, when memory
 * is freed: a process that opened one has to be left to end by itself.
 */

let opened = false;

export function noteSqliteFile(): void {
  opened = true;
}

export function wasSqliteFileOpened(): boolean {
  return opened;
}
