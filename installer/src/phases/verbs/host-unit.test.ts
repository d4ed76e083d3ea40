import { describe, expect, it } from 'vitest';
import { unitDisabled, unitEnabled, unitMasked } from './host-unit.ts';
import { PaperMachine } from './paper-machine.ts';

const act = { changes: [], signal: new AbortController().signal, waitFor: async () => [] };
const machineWith = (unit: string, enabled: string, active: string) =>
  new PaperMachine().says(`systemctl is-enabled ${unit}`, enabled).says(`systemctl is-active ${unit}`, active);

describe('units', () => {
  it('enables and starts in one go', async () => {
    const machine = machineWith('chrony.service', 'disabled', 'inactive').does('systemctl enable --now chrony.service');
    const part = unitEnabled('chrony.service');

    await part.make(machine.stage(), act);

    expect(await part.changes(machine.stage())).toEqual([
      { what: 'chrony.service', from: 'disabled', to: 'enabled' },
      { what: 'chrony.service', from: 'stopped', to: 'running' },
    ]);
    expect(machine.log).toEqual(['systemctl enable --now chrony.service']);
  });

  it('takes the mask off first', async () => {
    const machine = machineWith('chrony.service', 'masked', 'inactive')
      .does('systemctl unmask chrony.service')
      .does('systemctl enable --now chrony.service');

    await unitEnabled('chrony.service').make(machine.stage(), act);

    expect(machine.log).toEqual(['systemctl unmask chrony.service', 'systemctl enable --now chrony.service']);
  });

  it('leaves a unit alone that starts without being enabled', async () => {
    const machine = machineWith('iscsid.socket', 'static', 'active');

    expect(await unitEnabled('iscsid.socket').changes(machine.stage())).toEqual([]);
  });

  it('finds nothing to disable in a unit that systemd has never heard of', async () => {
    const machine = new PaperMachine().says('systemctl is-enabled nm-cloud-setup.timer', {
      exitCode: 4,
      stdout: 'not-found',
    });

    expect(await unitDisabled('nm-cloud-setup.timer').changes(machine.stage())).toEqual([]);
    expect(await unitMasked('nm-cloud-setup.timer').changes(machine.stage())).toHaveLength(1);
  });
});
