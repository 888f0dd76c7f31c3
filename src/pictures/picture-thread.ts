/** A thread that reads pictures: bytes of a file in, its bottleneck out (read-picture.ts starts it). */

// biome-ignore assist/source/organizeImports: what counts the loading as a task comes first
import { photoWork, threadSetting } from '../runtime/photo-threads.ts';
import { keepInMemory } from '../runtime/compiled-graphs.ts';
import { openPictureBackbone, type PictureSetting } from './read-picture.ts';

const { pack, config, graphs } = threadSetting as PictureSetting;

keepInMemory(graphs);

export const readPhoto = photoWork(openPictureBackbone(pack, config).read);
