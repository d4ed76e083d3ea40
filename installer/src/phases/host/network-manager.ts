import type { Step } from '#engine/step';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';
import { unitDisabled, unitEnabled, unitMasked } from '../verbs/host-unit.ts';
import { noteChangeForBoot } from './boot/since-boot.ts';

const directory = '/etc/NetworkManager/conf.d';

/**
 * Hands the network from systemd-networkd to NetworkManager, which NMState speaks to, at the restart. The file that
 * Ubuntu ships under the first name leaves wired interfaces unmanaged; ours of the same name takes its place.
 */
export function networkManagerStep(): Step {
  return stepOf(
    { id: 'host/network-manager', title: 'Hand the network to NetworkManager' },
    atBoot(`${directory}/10-globally-managed-devices.conf`, 'nm-managed.conf'),
    atBoot(`${directory}/90-novasphere-unmanaged.conf`, 'nm-unmanaged.conf'),
    unitEnabled('NetworkManager.service', 'later'),
    unitEnabled('NetworkManager-wait-online.service', 'later'),
    unitMasked('systemd-networkd-wait-online.service'),
    unitDisabled('systemd-networkd.socket'),
    unitDisabled('systemd-networkd.service'),
    // k3s refuses to start beside it (k3s#10755).
    unitDisabled('nm-cloud-setup.timer'),
    unitDisabled('nm-cloud-setup.service'),
  );
}

function atBoot(path: string, template: string): Part {
  return fileWith(path, render(template, {}), { after: ({ host }) => noteChangeForBoot(host), restarts: 'machine' });
}
