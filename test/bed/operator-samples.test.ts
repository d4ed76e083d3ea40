import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { root } from '../fixtures/rehearsed.ts';
import { conditionIn, WukongBed } from '../testbed/wukong-bed.ts';

const run = promisify(execFile);
const withPodNetwork = [
  'dual-network-dhcp',
  'dual-network-static',
  'existing-claim',
  'import-container-disk',
  'minimal',
  'whereabouts',
];
/** Whose guests tell nobody their address, since they have no agent. */
const withoutPodNetwork = ['existing-nad'];
/** `sriov` needs a device plugin and huge pages, which this site does not have. */
const others = ['power-off', 'sriov'];

let bed: WukongBed;
let kubeconfig: string;
beforeAll(async () => {
  bed = await WukongBed.open();
  kubeconfig = await bed.stage.site.plane.kubeconfig('kubectl');
});
afterAll(() => bed?.close());

const file = (name: string) => join(root, 'operator/samples', `${name}.yaml`);
async function kubectl(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(bed.stage.site.plane.program('kubectl'), [...words, '--kubeconfig', kubeconfig]);
  return stdout.trim();
}

/** Everything of the kinds that a Wukong, or what is made for it, may have: `PersistentVolumeClaim measurements`. */
async function everything(): Promise<readonly string[]> {
  const kinds: readonly (readonly [apiVersion: string, kind: string])[] = [
    ['vm.novasphere.dev/v1alpha1', 'Wukong'],
    ['vm.novasphere.dev/v1alpha1', 'WukongSnapshot'],
    ['kubevirt.io/v1', 'VirtualMachine'],
    ['kubevirt.io/v1', 'VirtualMachineInstance'],
    ['snapshot.kubevirt.io/v1beta1', 'VirtualMachineSnapshot'],
    ['cdi.kubevirt.io/v1beta1', 'DataVolume'],
    ['k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition'],
    ['v1', 'PersistentVolumeClaim'],
    ['v1', 'Secret'],
    ['v1', 'Pod'],
  ];
  const found: string[] = [];
  for (const [apiVersion, kind] of kinds) {
    const { items } = await bed.admin.list({ apiVersion, kind, namespace: 'default' });
    found.push(...items.map(({ metadata }) => `${kind} ${metadata.name}`));
  }
  return found;
}

/** What is there in the end, given a minute to get so. */
async function inTheEnd(wanted: readonly string[]): Promise<readonly string[]> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await everything();
    if (found.length === wanted.length || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('the samples that are shipped, applied with kubectl', () => {
  beforeAll(async () => {
    for (const name of [...withPodNetwork, ...withoutPodNetwork, ...others])
      await kubectl('apply', '--filename', file(name));
  });

  it.for(withPodNetwork)('%s is Running and Ready, and has an address', async (name) => {
    await bed.running(name);

    const line = await kubectl('get', 'wk', name, '--no-headers', '--output', 'wide');
    expect(line).toMatch(new RegExp(`^${name} +Running +True +plant-7-a +10\\.42\\.`));
  });

  it.for(withoutPodNetwork)('%s is Running and Ready', async (name) => {
    await bed.running(name);

    const line = await kubectl('get', 'wk', name, '--no-headers');
    expect(line).toMatch(new RegExp(`^${name} +Running +True +plant-7-a `));
  });

  it('B11: dual-network-static has its VLAN and its address', async () => {
    await bed.running('dual-network-static');

    const nad = await bed.get('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', 'dual-network-static-lan-nad');
    expect(JSON.parse(nad.spec.config)).toMatchObject({ type: 'bridge', bridge: 'br-lan', vlan: 12 });
    const { data } = await bed.get('v1', 'Secret', 'dual-network-static-cloudinit');
    expect(Buffer.from(data.networkdata, 'base64').toString()).toContain('192.0.2.10/24');
  });

  it('power-off is Stopped, and runs when it is switched on', async () => {
    await bed.until('power-off', ({ status }) => status?.phase === 'Stopped');
    expect(await bed.get('kubevirt.io/v1', 'VirtualMachineInstance', 'power-off-vm')).toBeUndefined();

    await kubectl('patch', 'wukong', 'power-off', '--type', 'merge', '--patch', '{"spec":{"power":"On"}}');

    await bed.running('power-off');
  });

  it('sriov says what it waits for', async () => {
    const waits = await bed.until('sriov', (one) => conditionIn(one, 'Ready').startsWith('False VMFailed'));

    expect(waits.status.phase).toBe('Error');
    expect(conditionIn(waits, 'Ready')).toMatch(
      /^False VMFailed: KubeVirt says ErrorUnschedulable: 0\/1 nodes are available: /,
    );
  });

  it('snapshot is taken of minimal', async () => {
    await bed.running('minimal');
    await kubectl('apply', '--filename', file('snapshot'));

    const path = ['wukongsnapshot/minimal-before-upgrade', '--timeout', '60s'];
    await kubectl('wait', '--for', 'jsonpath={.status.readyToUse}=true', ...path);

    expect(await kubectl('get', 'wukongsnapshot', '--no-headers')).toMatch(
      /^minimal-before-upgrade +minimal +Succeeded +true /,
    );
  });

  it('B6: leave nothing behind but what is to stay', async () => {
    await kubectl('delete', 'wukong,wukongsnapshot', '--all', '--timeout', '60s');

    // Two disks are kept on purpose; the rest has been the user’s from the beginning.
    const left = [
      'NetworkAttachmentDefinition shop-floor',
      'PersistentVolumeClaim import-container-disk-data',
      'PersistentVolumeClaim measurements',
      'Secret import-container-disk-keys',
    ];
    expect((await inTheEnd(left)).toSorted()).toEqual(left);
  });
});

describe('a specification that is wrong', () => {
  const disks = [{ name: 'a', size: '1Gi' }];
  const fixed = { name: 'lan', type: 'bridge', ipConfig: { mode: 'static' } };
  it.for<[what: string, spec: Json, message: string]>([
    [
      'no disk',
      { cpu: 1, memory: '1Gi', disks: [] },
      'spec.disks: Invalid value: a machine has at least one disk: give it a name and a size, and an image to boot from',
    ],
    [
      'memory of nothing',
      { cpu: 1, memory: '0Gi', disks },
      'spec.memory: Invalid value: "0Gi": a size is a Kubernetes quantity of more than nothing, such as 512Mi or 10Gi',
    ],
    [
      'a fixed address that is not given',
      { cpu: 1, memory: '1Gi', disks, networks: [fixed] },
      'spec.networks[0].ipConfig.address: Invalid value: address goes with `mode: static`, and only with it: give both, or neither',
    ],
  ])('is refused, and why is said: %s', async ([, spec, message]) => {
    await expect(bed.make('wrong', spec)).rejects.toThrow(`Wukong.vm.novasphere.dev "wrong" is invalid: ${message}`);
    expect(await bed.wukong('wrong')).toBeUndefined();
  });
});
