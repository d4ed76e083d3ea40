import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Space } from '#engine/disk-full';

/** How full the filesystem is that a file lies on, or would; undefined when that cannot be seen. */
export async function spaceUnder(path: string): Promise<Space | undefined> {
  try {
    const { bsize, blocks, bavail, ffree } = await statfs(path);
    return { under: path, size: bsize * blocks, free: bsize * bavail, hasInodes: ffree > 0 };
  } catch {
    const above = dirname(path);
    return above === path ? undefined : spaceUnder(above);
  }
}
