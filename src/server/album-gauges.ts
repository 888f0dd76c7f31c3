/** Figures of the album for Prometheus: how much has come into it, and what waits for workers. */

import { Gauge, type Registry } from 'prom-client';
import type { AlbumFigures } from '../album/figures.ts';
import type { Album } from '../album/open-album.ts';

/** @returns asks the album for all of them: to be called before they are told */
export function albumGauges(registry: Registry, album: Pick<Album, 'figures'>): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const photos = gauge('whosin_photos', 'Photos and videos that were ever read: its rate is that of reading');
  const faces = gauge('whosin_faces', 'Faces that were ever found');
  const said = gauge('whosin_said', 'Answers and corrections: its rate is that of answering');
  const jobs = gauge('whosin_queue_jobs', 'Photos that workers are to read', ['state']);
  const oldest = gauge('whosin_queue_oldest_seconds', 'For how long the oldest of them has been there');
  const up = gauge('whosin_album_up', '1: the album answers; else the figures of it are as they were');

  return async () => {
    const figures = await album.figures().catch(() => undefined);
    up.set(figures === undefined ? 0 : 1);
    if (figures !== undefined) set(figures);
  };

  function set({ queue, ...counts }: AlbumFigures): void {
    photos.set(counts.photos);
    faces.set(counts.faces);
    said.set(counts.said);
    if (queue === null) return;
    for (const state of ['waiting', 'active', 'dead'] as const) jobs.set({ state }, queue[state]);
    oldest.set(queue.oldest);
  }
}
