import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { fakeStage, siteOf } from '../verbs/fake-stage.ts';
import { consoleShows } from './console-shows.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../../..'));
const site = siteOf(catalog);
const namespace = 'novasphere-verify';

function saying(...lines: readonly string[]) {
  const stage = fakeStage();
  const labels = { 'kubevirt.io': 'virt-launcher', 'kubevirt.io/created-by': 'u1' };
  stage.cluster.put(
    {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { name: 'novasphere-sample-vm', namespace, uid: 'u1' },
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'virt-launcher-x', namespace, labels } },
  );
  if (lines.length > 0) stage.cluster.said.set(`${namespace}/virt-launcher-x`, lines.join('\n'));
  return stage;
}
const prompt = "login as 'cirros' user. default password: 'gocubsgo'. use 'sudo' for root.";

describe('the serial console of the sample VM', () => {
  it('proves a boot with its login prompt and its counter', async () => {
    expect(await consoleShows(site, 1).check(saying('novasphere-boot=1', prompt))).toEqual({
      ready: true,
      evidence: [
        `its console shows “${prompt}”`,
        'its data disk counts boot 1',
        'console│ novasphere-boot=1',
        `console│ ${prompt}`,
      ],
    });
  });

  it('is waited for with its last line', async () => {
    expect(await consoleShows(site, 1).check(saying('Booting from Hard Disk...'))).toEqual({
      ready: false,
      because: 'the sample VM is still booting: its serial console says “Booting from Hard Disk...”',
    });
  });

  it('is a lost disk when the counter begins again', async () => {
    expect(await consoleShows(site, 2).check(saying('novasphere-boot=1', prompt))).toMatchObject({
      hopeless: {
        code: 'STORAGE-FAILED',
        message: 'the data disk of the sample VM counts boot 1, and it was boot 2',
      },
    });
  });

  it('has its last lines shown when the prompt never comes', async () => {
    const fault = await consoleShows(site, 1).explain?.(saying('SeaBIOS', 'Booting from Hard Disk...'), '');

    expect(fault?.record()).toMatchInlineSnapshot(`
      {
        "because": [
          "its console stopped at “Booting from Hard Disk...”",
        ],
        "code": "GUEST-SILENT",
        "evidence": [
          "SeaBIOS",
          "Booting from Hard Disk...",
        ],
        "message": "the sample VM runs, but did not print a login prompt within 10 min",
        "remedy": [
          "kubectl -n novasphere-verify logs -l kubevirt.io=virt-launcher -c guest-console-log --tail 50          its console, until the next run",
          "set verify.vm.timeout in the profile higher where guests run in software emulation",
        ],
        "where": [
          "object VirtualMachineInstance novasphere-verify/novasphere-sample-vm",
        ],
      }
    `);
  });

  it('is told apart when it printed nothing at all', async () => {
    const fault = await consoleShows(site, 1).explain?.(saying(), '');

    expect(fault?.record().because).toEqual(['its serial console printed nothing at all']);
  });
});
