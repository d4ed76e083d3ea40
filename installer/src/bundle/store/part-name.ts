import { randomUUID } from 'node:crypto';
import { type Fate, fateOf, type Kernel, ownHolder } from './holder.ts';

/** What the name of a directory under `partial/` tells: `<key>.<pid>-<ticks>-<namespace>-<boot>-<random>`. */
export interface PartName {
  readonly name: string;
  readonly fate: Fate;
  readonly isOfThisBoot: boolean;
}

const plain = (id: string) => id.replaceAll('-', '');

/** The directory of a file that this process writes. */
export function heldName(key: string, kernel: Kernel): string {
  const { pid, ticks, namespace, bootId } = ownHolder(kernel);
  return `${key}.${[pid, ticks, namespace, plain(bootId), randomUUID().slice(0, 8)].join('-')}`;
}

/** The directory of a file that nobody writes. */
export function freeName(key: string, kernel: Kernel): string {
  return `${key}.${['free', '', '', plain(kernel.bootId()), randomUUID().slice(0, 8)].join('-')}`;
}

export function readPartName(name: string, kernel: Kernel): PartName {
  const [pid, ticks = '', namespace = '', boot] = name.slice(name.indexOf('.') + 1).split('-');
  const bootId = kernel.bootId();
  const isOfThisBoot = boot === plain(bootId);
  if (pid === 'free') return { name, fate: 'gone', isOfThisBoot };
  const holder = { pid: Number(pid), ticks, namespace, bootId: isOfThisBoot ? bootId : '' };
  return { name, fate: fateOf(holder, kernel), isOfThisBoot };
}
