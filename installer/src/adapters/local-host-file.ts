import { copyFile, mkdir, open, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replacementOf } from '#ports/host';

type Content = { readonly content: string } | { readonly source: string };

/**
 * Replaces a file so that, after a power cut, there is the old one or the new one and nothing between.
 * The temporary name is always the same, so what a cut leaves behind is overwritten by the next run.
 */
export async function replaceFile(path: string, mode: number, what: Content): Promise<void> {
  await makeParents(dirname(path));
  const temporary = replacementOf(path);
  try {
    await rm(temporary, { force: true });
    if ('source' in what) await copyFile(what.source, temporary);
    else await writeFile(temporary, what.content, { mode: 0o600 });
    await settle(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await settle(dirname(path));
}

/** Writes to a value of the kernel under /proc or /sys. */
export async function writeKernelFile(path: string, content: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Removes a file or link, durably, with what a cut may have left beside it; nothing there is well. */
export async function removeFile(path: string): Promise<void> {
  const gone = await Promise.all([path, replacementOf(path)].map(unlinkAnyway));
  if (gone.includes(true)) await settle(dirname(path));
}

/** Whether there was something. */
async function unlinkAnyway(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** A new directory is only there for good once its parent is on disk. */
async function makeParents(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await settle(dirname(made));
}

async function settle(path: string, mode?: number): Promise<void> {
  const handle = await open(path, 'r');
  try {
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
