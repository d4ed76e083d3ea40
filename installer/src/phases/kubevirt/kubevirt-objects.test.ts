import { describe, expect, it } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { fakeStage, siteOf } from '../verbs/fake-stage.ts';
import { disabledGates, enabledGates } from './feature-gates.ts';
import { emulates } from './kubevirt-objects.ts';

const site = (emulation: string) => siteOf({ components: {} } as Catalog, { components: { kubevirt: { emulation } } });

describe('emulation', () => {
  it('is off where the machine has KVM, and on where it has not', async () => {
    const stage = fakeStage();
    expect(await emulates(site('auto'), stage)).toBe(true);

    stage.files.set('/dev/kvm', '');
    expect(await emulates(site('auto'), stage)).toBe(false);
  });

  it('is what the profile says when it says so', async () => {
    expect(await emulates(site('always'), fakeStage())).toBe(true);
    expect(await emulates(site('never'), fakeStage())).toBe(false);
  });
});

describe('feature gates', () => {
  it('are those that the product uses and those of the profile, each once', () => {
    expect(enabledGates(['VSOCK', 'Snapshot'])).toEqual([
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
    expect(disabledGates(['ImageVolume'])).toEqual(['ExternalNetResourceInjection', 'Template']);
  });
});
