/** A thread that reads photos: bytes of a file in, its faces with embeddings out (read-faces.ts starts it). */

// biome-ignore assist/source/organizeImports: what counts the loading as a task comes first
import { photoWork, threadSetting } from '../../runtime/photo-threads.ts';
import { keepInMemory } from '../../runtime/compiled-graphs.ts';
import { type FaceSetting, openFaceReader } from './read-faces.ts';

const { pack, config, graphs } = threadSetting as FaceSetting;

keepInMemory(graphs);

export const readPhoto = photoWork(openFaceReader(pack, config).readFile);
