import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { tellRemaining } from '#cli/reset-remaining';
import type { Terminal } from '#cli/terminal';
import type { Json } from '#kube/json';
import { paint } from '#report/paint';
import { root, stage } from '../fixtures/rehearsed.ts';
import { guestConsents, guestOn, resetOn } from '../fixtures/reset.ts';

const catalog = await loadCatalog(root);

/** What is told after a reset, in 80 columns and as JSON. */
async function toldAfter(keepData: boolean): Promise<{ readonly screen: string; readonly json: Json }> {
  const site = await stage('single-node');
  await site.play();
  await guestOn(site);
  await resetOn(site, { keepData }).play({ consents: guestConsents });
  const { profile } = site.plan;
  let screen = '';
  let json: Json;
  const terminal = {
    columns: 80,
    paint: paint(false),
    print: (text: string) => {
      screen += text;
    },
    json: (value: Json) => {
      json = value;
    },
  } as unknown as Terminal;
  const given = { file: 'plant-7.yaml', digest: '', profile, catalog };
  const wish = { keepData, clusterIsLost: false, reach: 'machine and cluster' } as const;
  await tellRemaining(given, site.world, wish, terminal);
  site.world.close();
  return { screen, json };
}

describe('what stays on a machine after a reset', () => {
  it('is told with its places', async () => {
    expect((await toldAfter(false)).screen).toMatchInlineSnapshot(`
      "What stays on this machine
        the ext4 filesystem of the data disk
            /dev/disk/by-id/wwn-0x5002538f00000001
        the network as the profile says, names of interfaces included
            /etc/netplan/60-novasphere.yaml,
            /etc/systemd/network/10-novasphere-lan0.link,
            /etc/systemd/network/10-novasphere-mgmt0.link,
            /etc/NetworkManager/conf.d/10-globally-managed-devices.conf,
            /etc/NetworkManager/conf.d/90-novasphere-unmanaged.conf,
            /etc/cloud/cloud.cfg.d/99-novasphere-network.cfg
        name servers, time servers, keyboard and the proxy of apt
            /etc/systemd/resolved.conf.d/90-novasphere.conf, /etc/chrony/chrony.conf,
            /etc/default/keyboard
        the network configuration of before, as it was found
            /var/lib/novasphere/replaced
        packages
            open-iscsi, nfs-common, cryptsetup, dmsetup, network-manager, chrony
        accounts
            admin
      "
    `);
  });

  it('is told with the data of volumes, their size, and the ways to get them back', async () => {
    const { screen, json } = await toldAfter(true);

    expect(screen).toMatchInlineSnapshot(`
      "What stays on this machine
        data of volumes, in 2 directories (12.1 KiB)
            /var/lib/longhorn/replicas
        the ext4 filesystem of the data disk
            /dev/disk/by-id/wwn-0x5002538f00000001
        where the data of 2 volumes lies
            /var/lib/novasphere/kept-volumes.json
        what the cluster can be brought back from
            /var/lib/rancher/k3s/server/db/snapshots
        the network as the profile says, names of interfaces included
            /etc/netplan/60-novasphere.yaml,
            /etc/systemd/network/10-novasphere-lan0.link,
            /etc/systemd/network/10-novasphere-mgmt0.link,
            /etc/NetworkManager/conf.d/10-globally-managed-devices.conf,
            /etc/NetworkManager/conf.d/90-novasphere-unmanaged.conf,
            /etc/cloud/cloud.cfg.d/99-novasphere-network.cfg
        name servers, time servers, keyboard and the proxy of apt
            /etc/systemd/resolved.conf.d/90-novasphere.conf, /etc/chrony/chrony.conf,
            /etc/default/keyboard
        the network configuration of before, as it was found
            /var/lib/novasphere/replaced
        packages
            open-iscsi, nfs-common, cryptsetup, dmsetup, network-manager, chrony
        accounts
            admin

      How to get it back
        the whole cluster, with its virtual machines:
          novasphere apply plant-7.yaml          then
          systemctl stop k3s
          k3s server --cluster-reset \\
            --cluster-reset-restore-path=/var/lib/rancher/k3s/server/db/snapshots/FILE
          systemctl start k3s
        one disk, from its directory on the machine that has it:
          longhornctl export replica --name DIRECTORY --target-dir DIR
      "
    `);
    expect(json).toMatchObject({ version: 1, event: 'remaining' });
    expect(json.remaining[0]).toEqual({
      what: 'data of volumes, in 2 directories',
      where: ['/var/lib/longhorn/replicas'],
      size: expect.any(Number),
    });
  });
});
