import { createHash } from 'node:crypto';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';

/** Lower case, with colons: the one that is asked for, or one that is made up. */
export function macAddressOf(wukong: Wukong, { name, macAddress }: WukongNetwork): string {
  return macAddress?.toLowerCase() ?? macOf(wukong, name);
}

/** Locally administered and stable for the life of the object, so that leases and guest rules stay true over restarts. */
export function macOf(wukong: Wukong, network: string): string {
  const digest = createHash('sha256')
    .update(`${wukong.metadata.uid ?? ''}/${network}`)
    .digest('hex');
  return ['02', ...[0, 2, 4, 6, 8].map((at) => digest.slice(at, at + 2))].join(':');
}
