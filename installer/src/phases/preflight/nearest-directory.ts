import { dirname } from 'node:path/posix';
import type { HostSight } from '#ports/host';

/** The directory itself, or the nearest one above it that exists already. */
export async function nearestDirectory(host: HostSight, path: string): Promise<string> {
  if (path === '/') return path;
  return (await host.look(path)) === undefined ? nearestDirectory(host, dirname(path)) : path;
}
