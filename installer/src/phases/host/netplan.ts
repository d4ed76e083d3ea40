import type { Change, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { render } from '#render/render';
import { yamlFile } from '#render/yaml-file';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';
import { noteChangeForBoot } from './boot/since-boot.ts';
import { netplanOf } from './netplan-of.ts';

const directory = '/etc/netplan';
/** Where the files of whoever installed the system are kept; netplan would merge them with ours. */
const kept = '/var/lib/novasphere/replaced';
const replaced = ['50-cloud-init.yaml', '00-installer-config.yaml', '01-netcfg.yaml'];

/** Addresses and bridges as the profile says, for NetworkManager, from the restart on: never under a live connection. */
export function netplanStep({ node }: Site): Step {
  return stepOf(
    { id: 'host/netplan', title: 'Write the network configuration' },
    fileWith('/etc/cloud/cloud.cfg.d/99-novasphere-network.cfg', render('cloud-init-network.cfg', {})),
    fileWith(`${directory}/60-novasphere.yaml`, yamlFile(netplanOf(node)), {
      mode: 0o600,
      // Nothing takes effect by it; netplan finds its mistakes now, while they are easy to mend.
      after: async ({ host }) => {
        await host.run(['netplan', 'generate']);
        await noteChangeForBoot(host);
      },
      restarts: 'machine',
    }),
    moveOthersAway,
  );
}

const moveOthersAway: Part = {
  changes: async ({ host }) =>
    (await others(host)).map(
      (name): Change => ({
        what: `${directory}/${name}`,
        from: 'in effect',
        to: `kept as ${kept}/${name}`,
        restarts: 'machine',
      }),
    ),
  async make({ host }) {
    await noteChangeForBoot(host);
    for (const name of await others(host)) {
      await host.write(`${kept}/${name}`, (await host.read(`${directory}/${name}`)) ?? '', 0o600);
      await host.remove(`${directory}/${name}`);
    }
  },
};

async function others(host: HostSight): Promise<readonly string[]> {
  return (await host.list(directory)).filter((name) => replaced.includes(name));
}
