import type { Stage } from '#ports/world';
import { noteFile } from '../../host/boot/restart-note.ts';
import { resumeFile } from '../../host/boot/resume-unit.ts';
import type { FileOptions } from '../../verbs/host-file.ts';
import { emptiedNote } from './emptied.ts';

interface OwnFile {
  readonly path: string;
  readonly options?: FileOptions;
}

/** Files of the host phase that are for virtual machines and their volumes. A test compares them with what it writes. */
export const ownFiles: readonly OwnFile[] = [
  { path: '/etc/modules-load.d/90-novasphere.conf' },
  { path: '/etc/modprobe.d/90-novasphere-kvm.conf' },
  { path: '/etc/sysctl.d/90-novasphere.conf' },
  { path: '/etc/sysctl.d/91-novasphere-hugepages.conf' },
  { path: '/etc/multipath/conf.d/90-novasphere.conf', options: { after: multipathAnew } },
  { path: '/etc/apt/apt.conf.d/99novasphere-updates' },
  { path: '/etc/needrestart/conf.d/90-novasphere.conf' },
  // The run does not restart the machine for it: nothing of the platform needs that any more.
  { path: '/etc/default/grub.d/90-novasphere.cfg', options: { after: [['update-grub']] } },
];

/** What runs wrote down for later ones, but for their journals. */
export const ownNotes: readonly string[] = [resumeFile, noteFile, emptiedNote];

/** What stays, and why: what makes the machine reachable and this site's own is not taken from under anybody. */
export const staying: readonly { readonly what: string; readonly where: readonly string[] }[] = [
  {
    what: 'the network as the profile says, names of interfaces included',
    where: [
      '/etc/netplan/60-novasphere.yaml',
      '/etc/systemd/network/10-novasphere-*.link',
      '/etc/NetworkManager/conf.d/10-globally-managed-devices.conf',
      '/etc/NetworkManager/conf.d/90-novasphere-unmanaged.conf',
      '/etc/cloud/cloud.cfg.d/99-novasphere-network.cfg',
    ],
  },
  {
    what: 'name servers, time servers, keyboard and the proxy of apt',
    where: [
      '/etc/systemd/resolved.conf.d/90-novasphere.conf',
      '/etc/chrony/chrony.conf',
      '/etc/default/keyboard',
      '/etc/apt/apt.conf.d/90novasphere-proxy',
    ],
  },
  { what: 'the network configuration of before, as it was found', where: ['/var/lib/novasphere/replaced'] },
  { what: 'the journals of all runs', where: ['/var/lib/novasphere/runs'] },
];

async function multipathAnew({ host }: Stage): Promise<void> {
  const { stdout } = await host.ask(['systemctl', 'show', '--property=LoadState', '--value', 'multipathd.service']);
  if (stdout.trim() === 'loaded') await host.run(['systemctl', 'try-restart', 'multipathd.service']);
}
