import { describe, expect, it } from 'vitest';
import { describe as said } from '#engine/run-step';
import { all, named } from '../fixtures/cluster-looks.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

// A profile that changed between two runs: the next run changes exactly that, says so, and is quiet afterwards.

interface Edit {
  readonly from: string;
  readonly to: string;
}

/** What the run with the edited profile said that it changes, by step, and what it then wrote; the run after it is quiet. */
async function edited(profile: string, edits: readonly Edit[], on: Stage) {
  const text = (whole: string) => edits.reduce((sofar, { from, to }) => sofar.replaceAll(from, to), whole);
  const site = await stage(profile, { text, on });
  const writes = () => [...site.world.machines.flatMap((machine) => machine.log), ...site.world.stage.weather.writes];
  const before = writes();
  const runs = await site.play();
  const written = writes().filter((what, at, all) => isNew(what, at, all, before));
  const again = await site.play();
  const changes = runs.flatMap((run) =>
    run.entries.flatMap((entry) =>
      entry.event === 'found' ? entry.changes.map((change) => `${entry.step}  ${said(change)}`) : [],
    ),
  );
  return { site, outcomes: runs.map((run) => run.outcome), changes, written, again: again.map((run) => run.changed) };
}

/** Whether this is one more of its kind than there was before. */
function isNew(what: string, at: number, all: readonly string[], before: readonly string[]): boolean {
  const had = before.filter((one) => one === what).length;
  return all.slice(0, at + 1).filter((one) => one === what).length > had;
}

describe('a profile that changed between two runs', () => {
  it('changes exactly what its change means, and says it', async () => {
    let site = await stage('single-node');
    await site.play();
    const edits: Edit[] = [];
    const next = async (name: string, from: string, to: string) => {
      edits.push({ from, to });
      const { again, site: other, ...told } = await edited('single-node', edits, site);
      site = other;
      expect([name, again]).toEqual([name, [0]]);
      return told;
    };

    expect(await next('a kernel setting', 'vm.swappiness: 10', 'vm.swappiness: 20')).toMatchInlineSnapshot(`
      {
        "changes": [
          "host/sysctl  /etc/sysctl.d/90-novasphere.conf: − vm.swappiness = 10 → + vm.swappiness = 20",
          "host/sysctl  vm.swappiness: 10 → 20",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "write /etc/sysctl.d/90-novasphere.conf",
          "run sysctl -p /etc/sysctl.d/90-novasphere.conf",
        ],
      }
    `);
    expect(
      await next('hugepages', 'modules: [vfio_pci]', 'modules: [vfio_pci]\n  hugepages: {2Mi: 512}'),
    ).toMatchInlineSnapshot(`
      {
        "changes": [
          "host/hugepages  /etc/sysctl.d/91-novasphere-hugepages.conf: absent → 1 line",
          "host/hugepages  hugepages of 2 MiB: 0 → 512",
          "k3s/service  k3s.service: running with other settings → restarted because of hugepages",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "write /etc/sysctl.d/91-novasphere-hugepages.conf",
          "run sysctl -w vm.nr_hugepages=512",
          "run systemctl restart --no-block k3s.service",
          "write /var/lib/novasphere/k3s-started-with",
        ],
      }
    `);
    expect(
      await next('a name of the API server', 'tlsSans: [plant7.example]', 'tlsSans: [plant7.example, seven.example]'),
    ).toMatchInlineSnapshot(`
      {
        "changes": [
          "k3s/config  /etc/rancher/k3s/config.yaml: without new lines → + - seven.example",
          "k3s/service  k3s.service: running with other settings → restarted because of /etc/rancher/k3s/config.yaml",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "write /etc/rancher/k3s/config.yaml",
          "run systemctl restart --no-block k3s.service",
          "write /var/lib/novasphere/k3s-started-with",
        ],
      }
    `);
    expect(await next('emulation', 'emulation: auto', 'emulation: always')).toMatchInlineSnapshot(`
      {
        "changes": [
          "kubevirt/platform  update KubeVirt kubevirt/kubevirt spec.configuration.developerConfiguration.useEmulation: false → true",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "PATCH /apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt",
        ],
      }
    `);
    expect(
      await next(
        'a user',
        'users:\n',
        'users:\n    - name: second\n      authorizedKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOnlyPutYourOwnPublicKeyHere00000000 second@plant7.example]\n',
      ),
    ).toMatchInlineSnapshot(`
      {
        "changes": [
          "host/users  user second: absent → there",
          "host/users  /home/second/.ssh/authorized_keys: absent → 1 line",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "run useradd --create-home --shell /bin/bash --groups sudo second",
          "write /var/lib/novasphere/pending/home-second-.ssh-authorized_keys",
          "write /home/second/.ssh/authorized_keys",
          "run install -d -o second -g second -m 0700 /home/second/.ssh",
          "run chown second:second /home/second/.ssh/authorized_keys",
          "remove /var/lib/novasphere/pending/home-second-.ssh-authorized_keys",
        ],
      }
    `);
    expect(await next('jumbo frames', 'mtu: 9000', 'mtu: 8000')).toMatchInlineSnapshot(`
      {
        "changes": [
          "host/netplan  /etc/netplan/60-novasphere.yaml: − mtu: 9000, − mtu: 9000 → + mtu: 8000, + mtu: 8000",
          "host/boot  network configuration: as it was at boot → as the profile says",
          "host/resumed  /etc/systemd/system/novasphere-resume.service: needed for the restart → absent",
          "host/resumed  /var/lib/novasphere/restart.json: needed for the restart → absent",
        ],
        "outcomes": [
          "rebooting",
          "done",
        ],
        "written": [
          "write /var/lib/novasphere/pending/etc-netplan-60-novasphere.yaml",
          "write /etc/netplan/60-novasphere.yaml",
          "run netplan generate",
          "write /var/lib/novasphere/changed-in-boot",
          "remove /var/lib/novasphere/pending/etc-netplan-60-novasphere.yaml",
          "write /var/lib/novasphere/restart.json",
          "write /etc/systemd/system/novasphere-resume.service",
          "run systemctl daemon-reload",
          "run systemctl enable novasphere-resume.service",
          "reboot",
          "run systemctl disable novasphere-resume.service",
          "remove /etc/systemd/system/novasphere-resume.service",
          "run systemctl daemon-reload",
          "remove /var/lib/novasphere/restart.json",
        ],
      }
    `);
    expect(await next('a component less', 'nmstate: {}', 'nmstate: {enabled: false}')).toMatchInlineSnapshot(`
      {
        "changes": [],
        "outcomes": [
          "done",
        ],
        "written": [],
      }
    `);
    site.world.close();
  });

  it('changes the copies of volumes where Longhorn is asked to keep fewer', async () => {
    const site = await stage('three-node');
    await site.play();

    const { outcomes, changes, written, again } = await edited(
      'three-node',
      [{ from: 'replicas: 3', to: 'replicas: 2' }],
      site,
    );

    await site.world.clock.sleep(60_000);
    const kept = await named(site.world, 'settings', 'longhorn-system/default-replica-count');
    const classes = await all(site.world, 'storageClasses');
    expect({ outcomes, changes, written, again }).toMatchInlineSnapshot(`
      {
        "again": [
          0,
        ],
        "changes": [
          "longhorn/install  update ConfigMap longhorn-system/longhorn-default-setting data['default-setting.yaml']: − default-replica-count: '{"v1":"3","v2":"3"}' → + default-replica-count: '{"v1":"2","v2":"2"}'",
          "longhorn/install  update ConfigMap longhorn-system/longhorn-storageclass data['storageclass.yaml']: − numberOfReplicas: '3' → + numberOfReplicas: '2'",
          "longhorn/classes  make anew StorageClass longhorn-vm: volumes that are there keep what they were made with",
          "longhorn/classes  make anew StorageClass longhorn-vm parameters.numberOfReplicas: 3 → 2",
        ],
        "outcomes": [
          "done",
        ],
        "written": [
          "PATCH /api/v1/namespaces/longhorn-system/configmaps/longhorn-default-setting",
          "PATCH /api/v1/namespaces/longhorn-system/configmaps/longhorn-storageclass",
          "DELETE /apis/storage.k8s.io/v1/storageclasses/longhorn-vm",
          "PATCH /apis/storage.k8s.io/v1/storageclasses/longhorn-vm",
        ],
      }
    `);
    expect(JSON.parse(kept.value)).toMatchObject({ v1: '2' });
    expect(classes.map((one) => one.parameters.numberOfReplicas)).toEqual(['2', '2']);
    site.world.close();
  });
});
