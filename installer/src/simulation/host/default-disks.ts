import type { DiskFacts } from '#ports/facts';
import type { DiskMatch, Node } from '#profile/schema';
import { uuidOf } from './boot-id.ts';

const gigabyte = 1e9;
/** Of the system disk and of the data disk; virtio disks have none. */
const usualModel: Readonly<Record<Kind, readonly string[]>> = {
  virtio: [],
  sata: ['SAMSUNG MZ7L3480HCHQ', 'SAMSUNG MZ7L31T9HBLT'],
  nvme: ['SAMSUNG MZVL2512HCJQ', 'SAMSUNG MZQL21T0HCJR'],
};

type Kind = 'virtio' | 'sata' | 'nvme';

/** A system disk with Ubuntu on it, and a blank data disk when the node wants one. */
export function disksFor(node: Node, isLab: boolean): readonly DiskFacts[] {
  const { system, data } = node.disks;
  const first = diskFor(node, { ...system?.match }, { at: 0, isLab, size: systemSize(data?.match) });
  const table = ['gpt', `${part(first, 1)}: vfat`, `${part(first, 2)}: ext4`];
  const disks: DiskFacts[] = [{ ...first, contents: table, usedBy: ['/boot/efi', '/'] }];
  if (data !== undefined) disks.push(diskFor(node, data.match, { at: 1, isLab, size: 1000 * gigabyte }));
  return disks;
}

/** Small enough that a data disk chosen by size is never mistaken for it. */
function systemSize(data: DiskMatch | undefined): number {
  const usual = 480 * gigabyte;
  return data?.minSize === undefined ? usual : Math.min(usual, Math.floor(data.minSize * 0.9));
}

interface Frame {
  readonly at: number;
  readonly isLab: boolean;
  readonly size: number;
}

function diskFor(node: Node, match: DiskMatch, { at, isLab, size }: Frame): DiskFacts {
  const { rotational = false, minSize = 0, maxSize = Number.POSITIVE_INFINITY } = match;
  const seed = uuidOf(`${node.name} disk ${at}`).replaceAll('-', '');
  const kind = isLab ? 'virtio' : rotational || match.wwn?.startsWith('0x') ? 'sata' : 'nvme';
  const letter = at === 0 ? 'a' : 'b';
  const path = { virtio: `/dev/vd${letter}`, sata: `/dev/sd${letter}`, nvme: `/dev/nvme${at}n1` }[kind];
  const serial = match.serial ?? seed.slice(0, isLab ? 20 : 14).toUpperCase();
  const model = match.model ?? usualModel[kind][at];
  const wwn =
    match.wwn ?? (isLab ? undefined : `${kind === 'sata' ? '0x5002538f' : 'eui.00253841'}${seed.slice(16, 24)}`);
  return {
    path,
    serial,
    ...(wwn === undefined ? {} : { wwn }),
    ...(model === undefined ? {} : { model }),
    byId: namesOf(kind, match.byId, { serial, model, wwn }),
    size: Math.min(maxSize, Math.max(minSize, size)),
    rotational,
    removable: false,
    transport: kind,
    readOnly: false,
    contents: [],
    usedBy: [],
  };
}

/** Its names in /dev/disk/by-id, as udev makes them. */
function namesOf(
  kind: Kind,
  asked: string | undefined,
  {
    serial,
    model,
    wwn,
  }: { readonly serial: string; readonly model: string | undefined; readonly wwn: string | undefined },
): readonly string[] {
  const given = asked?.replace(/^\/dev\/disk\/by-id\//, '');
  const usual = model === undefined ? `virtio-${serial}` : `${kind === 'sata' ? 'ata' : kind}-${model}_${serial}`;
  const byWwn = wwn === undefined ? [] : [`${kind === 'nvme' ? 'nvme' : 'wwn'}-${wwn}`];
  return [...new Set([given ?? usual.replaceAll(/\s/g, '_'), ...byWwn])].sort();
}

function part({ path }: DiskFacts, number: number): string {
  const name = path.slice('/dev/'.length);
  return /\d$/.test(name) ? `${name}p${number}` : `${name}${number}`;
}
