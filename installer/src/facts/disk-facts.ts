import type { DiskFacts } from '#ports/facts';
import { basename } from './links.ts';

/** The columns that `diskFacts` reads; `lsblk` gives null for what it does not know. */
export const lsblkColumns = 'NAME,PATH,SERIAL,WWN,MODEL,SIZE,ROTA,RM,TRAN,RO,FSTYPE,LABEL,PTTYPE,MOUNTPOINTS,TYPE';

interface Block {
  readonly name: string;
  readonly path?: string | null;
  readonly serial?: string | null;
  readonly wwn?: string | null;
  readonly model?: string | null;
  readonly size?: number | string | null;
  readonly rota?: boolean | null;
  readonly rm?: boolean | null;
  readonly tran?: string | null;
  readonly ro?: boolean | null;
  readonly fstype?: string | null;
  readonly label?: string | null;
  readonly pttype?: string | null;
  readonly mountpoints?: readonly (string | null)[] | null;
  readonly type?: string | null;
  readonly children?: readonly Block[];
}

/** Whole disks from `lsblk --json --bytes` (columns above); `links` maps /dev/disk/by-id names to device names. */
export function diskFacts(json: string, links: ReadonlyMap<string, string> = new Map()): readonly DiskFacts[] {
  const { blockdevices = [] } = parse(json);
  return blockdevices.filter(isDisk).map((block) => ({
    path: block.path ?? `/dev/${block.name}`,
    ...present('serial', block.serial),
    ...present('wwn', block.wwn),
    ...present('model', block.model),
    byId: [...links].flatMap(([link, device]) => (device === block.name ? [link] : [])).sort(),
    size: Number(block.size ?? 0),
    rotational: block.rota === true,
    removable: block.rm === true,
    ...present('transport', block.tran),
    readOnly: block.ro === true,
    contents: contents(block),
    usedBy: [...new Set(tree(block).flatMap(uses))],
  }));
}

function parse(json: string): { readonly blockdevices?: readonly Block[] } {
  try {
    return JSON.parse(json) as { readonly blockdevices?: readonly Block[] };
  } catch {
    return {};
  }
}

function isDisk(block: Block): boolean {
  return block.type === 'disk' && Number(block.size ?? 0) > 0 && !/^(zram|ram|loop|fd|nbd)\d/.test(block.name);
}

function present<Key extends string>(key: Key, value: string | null | undefined): Partial<Record<Key, string>> {
  const text = value?.trim() ?? '';
  return text === '' ? {} : ({ [key]: text } as Record<Key, string>);
}

/** `gpt`, `ext4 "data"`, and with the partition before it: `sda1: vfat "EFI"`. */
function contents(disk: Block): readonly string[] {
  const own = disk.pttype == null ? [] : [disk.pttype];
  return tree(disk).flatMap((block) => {
    if (block.fstype == null) return block === disk ? own : [];
    const label = block.label == null ? '' : ` "${block.label}"`;
    const where = block === disk ? '' : `${basename(block.path ?? block.name)}: `;
    return [...(block === disk ? own : []), `${where}${block.fstype}${label}`];
  });
}

function tree(block: Block): readonly Block[] {
  return [block, ...(block.children ?? []).flatMap(tree)];
}

function uses(block: Block): readonly string[] {
  const mounts = (block.mountpoints ?? []).flatMap((mount) => (mount === null ? [] : [mount]));
  const held = block.fstype === 'LVM2_member' ? ['lvm'] : block.fstype === 'linux_raid_member' ? ['raid'] : [];
  const crypt = block.fstype === 'crypto_LUKS' ? ['encryption'] : [];
  return [...mounts.map((mount) => (mount === '[SWAP]' ? 'swap' : mount)), ...held, ...crypt];
}
