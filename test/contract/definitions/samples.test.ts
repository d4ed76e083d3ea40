import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { sampleFiles, samplesOf } from './samples.ts';

const sampleVm = readFileSync(join(import.meta.dirname, '../../../manifests/sample-vm/component.yaml'), 'utf8');

it('ships a sample for each way to use a Wukong', () => {
  expect(sampleFiles.toSorted()).toEqual([
    'dual-network-dhcp.yaml',
    'dual-network-static.yaml',
    'existing-claim.yaml',
    'existing-nad.yaml',
    'import-container-disk.yaml',
    'minimal.yaml',
    'power-off.yaml',
    'snapshot.yaml',
    'sriov.yaml',
    'whereabouts.yaml',
  ]);
});

it('boots the image that a site without a way to the Internet has', () => {
  const images = samplesOf('Wukong').flatMap(([, { spec }]) => spec.disks.map((disk: Json) => disk.image));
  const references = images.filter((image) => image !== undefined).map((image) => image.replace('docker://', ''));

  expect(references.length).toBeGreaterThanOrEqual(9);
  expect(references.filter((reference) => !sampleVm.includes(reference))).toEqual([]);
});
