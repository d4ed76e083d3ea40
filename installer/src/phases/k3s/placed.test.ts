import { describe, expect, it } from 'vitest';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { PaperMachine } from '../verbs/paper-machine.ts';
import { smallSite } from '../verbs/site-on-paper.ts';
import { k3s } from './k3s.ts';
import { toolPaths } from './k3s-site.ts';
import { binaryStep, imageArchivesStep, toolsStep } from './placed.ts';

/** What a step would place on a machine of so and so an architecture, of a whole bundle. */
async function placed(step: typeof toolsStep, { architecture = 'x86_64', components = {} } = {}) {
  const site = await smallSite({ profile: { components, verify: { storage: false } } });
  const bundle = rehearsedBundle(site.catalog, undefined);
  const machine = new PaperMachine();
  machine.ask = async (words) => ({
    exitCode: words[0] === 'uname' ? 0 : 1,
    stdout: words[0] === 'uname' ? architecture : '',
    stderr: '',
  });
  const found = await step(site).probe(machine.stage({ bundle }));
  return found.state === 'drifted' ? found.changes.map(({ what, to }) => `${what} ← ${to}`) : found;
}

describe('what is placed of the bundle', () => {
  it('is k3s itself and nothing else of its folder', async () => {
    expect(await placed(binaryStep)).toEqual([
      '/usr/local/bin/k3s ← bin/k3s of the bundle (75 MiB)',
      '/usr/local/bin/kubectl ← runs /usr/local/bin/k3s kubectl',
    ]);
  });

  it('is each tool of a component that is switched on', async () => {
    expect(await placed(toolsStep)).toEqual([
      '/usr/local/bin/longhornctl ← bin/longhornctl of the bundle (75 MiB)',
      '/usr/local/bin/virtctl ← bin/virtctl of the bundle (75 MiB)',
    ]);
  });

  it('is no tool of a component that is switched off', async () => {
    expect(await placed(toolsStep, { components: { longhorn: { enabled: false } } })).toEqual([
      '/usr/local/bin/virtctl ← bin/virtctl of the bundle (75 MiB)',
    ]);
  });

  it('is what is made for the machine', async () => {
    expect(await placed(toolsStep, { architecture: 'aarch64' })).toEqual([
      '/usr/local/bin/longhornctl ← bin/longhornctl-arm64 of the bundle (75 MiB)',
      '/usr/local/bin/virtctl ← bin/virtctl-arm64 of the bundle (75 MiB)',
    ]);
  });

  it("are two archives of images: k3s's own, and the one for all others", async () => {
    const folder = '/var/lib/rancher/k3s/agent/images';

    expect(await placed(imageArchivesStep)).toEqual([
      `${folder}/k3s-airgap-images-amd64.tar.zst ← images/k3s-airgap-images-amd64.tar.zst of the bundle (240 MiB)`,
      `${folder}/novasphere-amd64.tar.zst ← images/novasphere-amd64.tar.zst of the bundle (2.2 GiB)`,
    ]);
  });

  it('is no tool on an agent, which nobody administers a cluster from', async () => {
    const site = await smallSite();
    const agent = { ...site, node: { ...site.node, role: 'agent' as const } };

    expect(k3s(agent).steps.map(({ id }) => id)).not.toContain('k3s/tools');
    expect(toolPaths(agent)).toEqual([]);
    expect(toolPaths(site)).toEqual(['/usr/local/bin/longhornctl', '/usr/local/bin/virtctl']);
  });
});
