import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Bundle } from '#ports/bundle';
import { packagesInstalled } from './host-packages.ts';
import { stepOf } from './host-part.ts';
import { PaperMachine } from './paper-machine.ts';

const query = 'dpkg-query -W -f=${Package} ${db:Status-Status}\\n chrony dmsetup';
const step = stepOf({ id: 'host/packages', title: 'Install packages' }, packagesInstalled(['chrony', 'dmsetup']));
const act = { changes: [], signal: new AbortController().signal, waitFor: async () => [] };

describe('packagesInstalled', () => {
  it('installs what is missing from the bundle alone, and never asks', async () => {
    const machine = new PaperMachine().says(query, { exitCode: 1, stdout: 'dmsetup installed\n' });
    const options =
      '-o Dir::Etc::SourceList=/var/lib/novasphere/apt/bundle.list -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null -o Dir::State=/var/lib/novasphere/apt -o Dir::State::Status=/var/lib/dpkg/status -o Dir::State::Extended_States=/var/lib/apt/extended_states -o APT::Default-Release= -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=300';
    const install = `apt-get ${options} -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef -q -y --no-install-recommends install chrony`;
    machine.does('dpkg --configure -a').does(`apt-get ${options} -q update`).does(install);
    const bundle = { file: async () => ({ source: '/media/my stick/debs/Packages' }) } as unknown as Bundle;

    await step.apply(machine.stage({ bundle }), act);

    expect(machine.files.get('/var/lib/novasphere/apt/bundle.list')?.text).toBe(
      'deb [trusted=yes] file:/media/my%20stick/debs ./\n',
    );
    expect(machine.log.at(-1)).toBe(install);
  });

  it('finds a package that a power cut left half set up', async () => {
    const machine = new PaperMachine().says(query, 'chrony half-configured\ndmsetup installed\n');

    expect(await step.probe(machine.stage())).toEqual({
      state: 'drifted',
      changes: [{ what: 'package chrony', from: 'half-configured', to: 'installed' }],
    });
  });

  it('says which packages a bundle without them leaves to be installed by hand', async () => {
    const machine = new PaperMachine().says(query, { exitCode: 1, stdout: '' });
    const missing = new Fault({ code: 'BUNDLE-FILE-MISSING', message: 'no debs/Packages', remedy: ['x'] });
    const bundle = { place: '/media/bundle', file: () => Promise.reject(missing) } as unknown as Bundle;

    const fault = await step.apply(machine.stage({ bundle }), act).catch((error: unknown) => (error as Fault).record());

    expect(fault).toMatchInlineSnapshot(`
      {
        "because": [
          "no debs/Packages",
        ],
        "code": "BUNDLE-FILE-MISSING",
        "evidence": [
          "chrony",
          "dmsetup",
        ],
        "message": "2 packages are missing and the bundle brings none",
        "remedy": [
          "apt-get install -y chrony dmsetup",
          "or use a bundle that holds debs/",
        ],
        "where": [
          "bundle /media/bundle",
        ],
      }
    `);
  });
});
