import { describe, expect, it } from 'vitest';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import type { Catalog } from '#catalog/catalog';
import { fakeStage, siteOf } from '../verbs/fake-stage.ts';
import { gatesOf } from './feature-gates.ts';
import { nodeOffersVirtualisation } from './kubevirt-conditions.ts';
import { emulates } from './kubevirt-objects.ts';

const site = (emulation: string) => siteOf({ components: {} } as Catalog, { components: { kubevirt: { emulation } } });

describe('emulation', () => {
  it('is off where the machine has KVM, and on where it has not', async () => {
    const stage = fakeStage();
    expect(await emulates(site('auto'), stage)).toBe(true);

    stage.files.set('/dev/kvm', '');
    expect(await emulates(site('auto'), stage)).toBe(false);
  });

  it('stays what it is where nobody can look at the machine, and is off at first', async () => {
    const stage = { ...fakeStage(), host: outOfReachHost('plant-7-a') };
    expect(await emulates(site('auto'), stage)).toBe(false);

    stage.cluster.put({
      apiVersion: 'kubevirt.io/v1',
      kind: 'KubeVirt',
      metadata: { name: 'kubevirt', namespace: 'kubevirt' },
      spec: { configuration: { developerConfiguration: { useEmulation: true } } },
    });
    expect(await emulates(site('auto'), stage)).toBe(true);
  });

  it('is missing where a node offers no KVM and the profile does not ask for it', async () => {
    const stage = fakeStage();
    stage.cluster.put({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'plant-7-a', labels: { 'kubevirt.io/schedulable': 'true' } },
      status: { allocatable: { 'devices.kubevirt.io/tun': '1k', 'devices.kubevirt.io/kvm': '0' } },
    });

    expect(await nodeOffersVirtualisation('plant-7-a')(stage)).toMatchObject({
      ready: false,
      because: 'node plant-7-a offers no devices.kubevirt.io/kvm yet',
      blame: {
        code: 'PREFLIGHT-CPU',
        message: 'plant-7-a offers no KVM: it cannot run virtual machines in hardware',
      },
    });
  });

  it('is what the profile says when it says so', async () => {
    expect(await emulates(site('always'), fakeStage())).toBe(true);
    expect(await emulates(site('never'), fakeStage())).toBe(false);
  });
});

describe('feature gates', () => {
  it('are those that the product uses and those of the profile, each once', () => {
    expect(gatesOf(['VSOCK', 'Snapshot']).featureGates).toEqual([
      'Snapshot',
      'VMExport',
      'ExpandDisks',
      'HotplugVolumes',
      'CPUManager',
      'HostDevices',
      'VSOCK',
    ]);
  });

  it('are never both on and off', () => {
    expect(gatesOf(['ImageVolume']).disabledFeatureGates).toEqual(['ExternalNetResourceInjection', 'Template']);
  });
});
