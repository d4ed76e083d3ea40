import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import type { Gate } from '#engine/step';
import type { BundleImage } from '#ports/bundle';
import type { Sight } from '#ports/world';
import { PaperMachine } from '../verbs/paper-machine.ts';
import { smallSite } from '../verbs/site-on-paper.ts';
import { importStep } from './import-step.ts';

const act = { changes: [], signal: new AbortController().signal, waitFor: async () => [] };
const screen = (fault: Fault | undefined) =>
  fault && [`${fault.code} ${fault.message}`, ...fault.record().because, ...fault.evidence, ...fault.remedy];

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const virtApi = 'quay.io/kubevirt/virt-api:v1.8.4';
const pause = 'docker.io/rancher/mirrored-pause:3.6';
const proof: readonly BundleImage[] = [
  { reference: pause, size: 1, archive: 'images/k3s-airgap-images-amd64.tar.zst', askedBy: ['lists/k3s-images.txt'] },
  {
    reference: virtApi,
    digest: digest('a'),
    size: 1,
    archive: 'images/novasphere-amd64.tar.zst',
    askedBy: ['Deployment kubevirt/virt-operator, environment VIRT_API_IMAGE', 'KubeVirt v1.8.4'],
  },
];

describe('k3s/import', () => {
  it('waits, syncs, and only then writes down that the images are safe', async () => {
    const site = await smallSite();
    const bundle = {
      file: async (path: string) => ({ path, source: path, sha256: `sum of ${path}`, size: 1 }),
      images: async () => proof,
    };
    const before = 'docker.io/rancher/mirrored-pause:3.5 -\n';
    const machine = new PaperMachine().does('sync').put('/var/lib/novasphere/images-brought', before);
    const waited: string[] = [];
    const stage = machine.stage({ bundle } as unknown as Partial<Sight>);
    // Facts are read from an empty machine: it is taken for amd64.
    machine.ask = async () => ({ exitCode: 1, stdout: '', stderr: '' });

    await importStep(site).apply(stage, {
      ...act,
      waitFor: async (gate: Gate) => {
        waited.push(gate.title);
        return [];
      },
    });

    expect(waited).toEqual(['the images of the bundle to be in containerd']);
    expect(machine.log).toEqual([
      'sync',
      'write /var/lib/novasphere/images-brought',
      'remove /var/lib/novasphere/images-importing',
      'write /var/lib/novasphere/images-imported',
    ]);
    expect(await importStep(site).probe(stage)).toEqual({ state: 'converged' });
    expect(await machine.read('/var/lib/novasphere/images-brought')).toBe(
      `${before}${pause} -\n${virtApi} ${digest('a')}\n`,
    );
  });

  const row = (reference: string, of: string) => `${reference} application/vnd.oci.image.manifest.v1+json ${of} 1 MiB`;

  /** What the gate says after two minutes in which containerd held the same. */
  async function stuck(rows: readonly string[]) {
    const machine = new PaperMachine().says('k3s ctr images list', ['REF TYPE DIGEST SIZE', ...rows].join('\n'));
    const bundle = { images: async () => proof };
    const { gate } = importStep(await smallSite());
    let now = 0;
    const stage = machine.stage({ now: () => now, bundle } as unknown as Partial<Sight>);
    const verdicts = [];
    for (now = 0; now <= 120_000; now += 30_000) verdicts.push(await gate?.check(stage));
    return { first: verdicts[0], last: verdicts.at(-1) };
  }

  it('believes containerd when it holds the very images of the proof', async () => {
    const { first } = await stuck([row(pause, digest('f')), row(virtApi, digest('a'))]);

    expect(first).toEqual({ ready: true, evidence: ["all 2 images of the bundle's proof are in containerd"] });
  });

  it('names the image that no archive brings, and who asks for it', async () => {
    const { first, last } = await stuck([row(pause, digest('f'))]);

    expect(first).toMatchObject({ ready: false });
    expect(first).not.toHaveProperty('hopeless');
    expect(last?.ready === false && screen(last.hopeless)).toMatchInlineSnapshot(`
      [
        "IMAGE-MISSING the image quay.io/kubevirt/virt-api:v1.8.4 is not on plant-7-a",
        "the archive that should bring it does not, or its import has failed",
        "quay.io/kubevirt/virt-api:v1.8.4 (images/novasphere-amd64.tar.zst) is asked for by Deployment kubevirt/virt-operator, environment VIRT_API_IMAGE, and by 1 more",
        "ls -l /var/lib/rancher/k3s/agent/images          which archives the bundle has brought, on plant-7-a",
        "grep -i import /var/lib/rancher/k3s/agent/containerd/containerd.log          whether one of them could not be read",
        "novasphere plan PROFILE --bundle DIR          checks every file of the bundle",
      ]
    `);
  });

  it('takes no other image of the same name', async () => {
    const { last } = await stuck([row(pause, digest('f')), row(virtApi, digest('b'))]);

    expect(last?.ready === false && screen(last.hopeless)).toMatchInlineSnapshot(`
      [
        "IMAGE-MISSING the image quay.io/kubevirt/virt-api:v1.8.4 is not on plant-7-a as the bundle proves it",
        "another image of the same name is there, and the import of the one of the bundle has failed",
        "quay.io/kubevirt/virt-api:v1.8.4 (images/novasphere-amd64.tar.zst; there is another one) is asked for by Deployment kubevirt/virt-operator, environment VIRT_API_IMAGE, and by 1 more",
        "ls -l /var/lib/rancher/k3s/agent/images          which archives the bundle has brought, on plant-7-a",
        "grep -i import /var/lib/rancher/k3s/agent/containerd/containerd.log          whether one of them could not be read",
        "novasphere plan PROFILE --bundle DIR          checks every file of the bundle",
      ]
    `);
  });
});
