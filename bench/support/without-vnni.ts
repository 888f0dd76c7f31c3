/**
 * A copy of whosin whose ONNX Runtime takes this x86 processor for one with AVX2 alone, as most laptops and desktops are:
 * the two places where it looks for AVX-512 and VNNI are changed to find none. All else runs as fast as it does here.
 */

import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** MlasPlatform of ONNX Runtime 1.30: a test of what `cpuid` says, and the jump that is taken without the instructions. */
const tests = [
  // cpuid; test $0x10,%al; je (AVX-VNNI)
  [0x0f, 0xa2, 0xa8, 0x10, 0x74],
  // test $0x10000,%r10d; je (AVX-512)
  [0x41, 0xf7, 0xc2, 0x00, 0x00, 0x01, 0x00, 0x74],
];
const alwaysJump = 0xeb;

/**
 * @param folder where the copy goes; it may be empty or not there
 * @throws Error if this is another ONNX Runtime
 */
export async function copyWithoutVnni(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  await mkdir(modules, { recursive: true });
  for (const part of ['dist', 'src', 'bench', 'weights', 'package.json', 'tsconfig.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== 'onnxruntime-node') await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  const copy = join(modules, 'onnxruntime-node');
  await cp(join(root, 'node_modules/onnxruntime-node'), copy, { recursive: true, dereference: true });
  const library = join(copy, 'bin/napi-v6/linux/x64/libonnxruntime.so.1');
  const code = await readFile(library);
  for (const bytes of tests) {
    const test = Buffer.from(bytes);
    const at = code.indexOf(test);
    if (at < 0 || code.indexOf(test, at + 1) >= 0) throw new Error('This is another ONNX Runtime than 1.30.');
    code[at + test.length - 1] = alwaysJump;
  }
  await writeFile(library, code);
}
