import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Trouble } from '#simulation/bench';
import { conditionIn, type WukongBed } from '../../testbed/wukong-bed.ts';
import { claims, data, eventually, image, root, type Suite, says, small } from './on-bed.ts';

const registry = `Unable to process data: Failed to read registry image: error reading docker://${image}`;
/** What the importer dies of, and what the Wukong then says of it. */
const importer: readonly (readonly [Trouble, words: string])[] = [
  ['import-unreachable', `${registry}: dial tcp 10.7.0.99:443: connect: connection refused`],
  ['import-denied', `${registry}: expected status code 200, got 401. Status: 401 Unauthorized`],
  ['import-missing', `${registry}: expected status code 200, got 404. Status: 404 Not Found`],
  [
    'import-too-large',
    'Unable to process data: Virtual image size 2147483648 is larger than the reported available storage 1073741824. A larger PVC is required.',
  ],
  [
    'import-damaged',
    'Unable to process data: Unable to convert source data to target format: qemu-img execution failed: exit status 1',
  ],
];
/** What does not get better by itself, so that the Wukong is taken away again. */
const hopeless: readonly (readonly [name: string, disk: Json, words: RegExp])[] = [
  [
    'pull',
    { image: 'registry.test/not/there:1' },
    / from registry\.test\/not\/there:1, and held up: .*failed to resolve reference .* lookup registry\.test/,
  ],
  [
    'lookup',
    { image: 'https://nobody.test/disk.qcow2' },
    / from https:\/\/nobody\.test\/disk\.qcow2, and held up: Unable to connect to http data source: .*no such host$/,
  ],
  [
    'checksum',
    { image: 'https://nobody.test/disk.qcow2' },
    /, and held up: Unable to process data: checksum mismatch: expected another one, got sha256:0b9e$/,
  ],
  [
    'profile',
    { image, storageClassName: 'unknown' },
    /^False Provisioning: .*: no accessMode specified in StorageProfile unknown$/,
  ],
];
/** A class of a driver that CDI knows nothing of. */
const unknown = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'unknown' },
  provisioner: 'example.test/unknown',
};
const heldUp = (from: string) => `False Importing: the disk \`root\` is being filled from ${from}, and held up: `;

/** Everything that a Wukong has said of itself while something was done. */
async function said(bed: WukongBed, name: string, act: () => Promise<unknown>): Promise<readonly Json[]> {
  const over = new AbortController();
  const seen: Json[] = [];
  const follow = async () => {
    const path = '/apis/vm.novasphere.dev/v1alpha1/namespaces/default/wukongs';
    const query = { fieldSelector: `metadata.name=${name}` };
    const transport = bed.stage.site.plane.transport('admin');
    for await (const { object } of transport.watch(path, query, over.signal)) seen.push(object);
  };
  const following = follow().catch(() => {});
  await act();
  over.abort();
  await following;
  return seen;
}

export const disksAreFilled: Suite = (given) =>
  describe('a disk that is filled from an image', () => {
    it('tells how far it has come', async () => {
      const bed = given();
      const seen = await said(bed, 'import', async () => {
        await bed.make('import', { ...small, disks: [root] });
        await bed.running('import');
      });

      const steps = new Set(seen.map(({ status }) => `${status?.volumes[0]?.phase} ${status?.volumes[0]?.progress}`));
      expect([...steps].some((one) => /^ImportInProgress (23\.51|61\.02|98\.27)%$/.test(one))).toBe(true);
      expect([...steps].at(-1)).toBe('Succeeded 100.0%');
      expect(seen.map((one) => conditionIn(one, 'VolumesBound'))).toContain(
        `False Importing: the disk \`root\` is being filled from ${image}`,
      );
    });

    it('B3: has its conditions and the name of its machine from the first', async () => {
      const bed = given();
      const seen = await said(bed, 'early', async () => {
        await bed.make('early', { ...small, disks: [root] });
        await bed.running('early');
      });

      const first = seen.find(({ status }) => status !== undefined).status;
      expect(first.vmName).toBe('early-vm');
      expect(first.conditions.map(({ type }: Json) => type)).toEqual([
        'Ready',
        'SpecValid',
        'NetworksConfigured',
        'VolumesBound',
        'VMSynced',
      ]);
    });

    it('says what holds it up, and is filled once that is mended', async () => {
      const bed = given();
      const { troubles } = bed.stage.site;
      for (const [name] of importer) {
        troubles.start(name, `${name}-root`);
        await bed.make(name, { ...small, disks: [root] });
      }
      for (const [name, words] of importer) {
        const held = await bed.until(name, says('VolumesBound', heldUp(image)));
        expect(conditionIn(held, 'VolumesBound')).toBe(heldUp(image) + words);
        expect(conditionIn(held, 'Ready')).toMatch(/^False WaitingForVolumes: .* and held up: /);
        troubles.end(name, `${name}-root`);
      }
      for (const [name] of importer) await bed.running(name);
    });

    it.for(hopeless)('says what holds it up, and can be given up: %s', async ([name, disk, words]) => {
      const bed = given();
      bed.stage.site.troubles.start('import-checksum', 'checksum-root');
      await bed.admin.apply(unknown);
      await bed.make(name, { ...small, disks: [{ name: 'root', size: '1Gi', ...disk }] });

      await bed.until(name, (one) => words.test(conditionIn(one, 'VolumesBound')));

      await bed.remove(name);
      await bed.until(name, (one) => one === undefined);
      await eventually('its disk is gone', async () => (await bed.get(...claims, `${name}-root`)) === undefined);
    });

    it('B21: of a storage class that waits for the first consumer keeps no machine from Running', async () => {
      const bed = given();
      await bed.admin.apply({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'late' },
        provisioner: 'driver.longhorn.io',
        parameters: { numberOfReplicas: '1', staleReplicaTimeout: '30' },
        volumeBindingMode: 'WaitForFirstConsumer',
      });
      const late = { storageClassName: 'late' };
      await bed.make('late', {
        ...small,
        disks: [
          { ...root, ...late },
          { ...data, ...late },
        ],
      });

      await bed.running('late');
      const isFilled = ({ status }: Json) => status.volumes[0].phase === 'Succeeded';
      const { status } = await bed.until('late', isFilled);
      expect(status.volumes).toMatchObject([
        { name: 'root', bound: true },
        { name: 'data', bound: true },
      ]);
    });
  });
