import { Fault } from '#engine/fault';
import type { Change, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import type { DataDisk, Node } from '#profile/schema';
import { fileWith } from '../../verbs/host-file.ts';
import { type Part, stepOf } from '../../verbs/host-part.ts';
import { dataDiskOf } from './data-disk-finding.ts';
import { withMount } from './fstab.ts';

const fstab = '/etc/fstab';
/** Where Longhorn keeps its data when the profile names no data disk. */
const onSystemDisk = '/var/lib/longhorn';

/** The data disk at its place, known by the UUID of its filesystem, now and at every boot. */
export function mountStep({ node }: Site): Step {
  const { data } = node.disks;
  const about = { id: 'host/data-disk-mount', title: 'Mount the data disk' };
  if (data === undefined) return stepOf(about, directory(onSystemDisk));
  const listed = fileWith(fstab, (sight) => wantedTable(node, data, sight), {
    after: [['systemctl', 'daemon-reload']],
  });
  return stepOf(about, directory(data.mount), listed, mounted(node, data));
}

function directory(path: string): Part {
  return {
    async changes({ host }) {
      return (await host.look(path)) === undefined ? [{ what: path, from: 'absent', to: 'a directory' }] : [];
    },
    make: async ({ host }) => void (await host.run(['mkdir', '-p', path])),
  };
}

async function wantedTable(node: Node, { filesystem, mount }: DataDisk, sight: Sight): Promise<string> {
  const table = (await sight.host.read(fstab)) ?? '';
  const uuid = (await dataDiskOf(node, sight))?.contents.uuid;
  // Without a filesystem yet (a plan before the first run) the line can only be announced.
  return withMount(table, uuid ?? 'of-the-new-filesystem', mount, filesystem);
}

function mounted(node: Node, { mount }: DataDisk): Part {
  return {
    async changes(sight) {
      const uuid = (await dataDiskOf(node, sight))?.contents.uuid;
      const there = await mountedAt(sight.host, mount);
      if (there === undefined) return [{ what: mount, from: 'not mounted', to: 'mounted' } satisfies Change];
      if (there !== uuid) throw occupied(mount, there);
      return [];
    },
    make: async ({ host }) => void (await host.run(['mount', mount])),
  };
}

async function mountedAt(host: HostSight, mount: string): Promise<string | undefined> {
  const { exitCode, stdout } = await host.ask(['findmnt', '--noheadings', '--output', 'UUID', '--mountpoint', mount]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

function occupied(mount: string, uuid: string): Fault {
  return new Fault({
    code: 'DISK-IN-USE',
    message: `another filesystem is mounted at ${mount} (UUID ${uuid || 'unknown'})`,
    remedy: [`findmnt ${mount}`, `umount ${mount}, and take its line out of /etc/fstab`],
  });
}
