import { describe, expect, it } from 'vitest';
import type { BundleImage } from '#ports/bundle';
import type { Sight } from '#ports/world';
import { PaperMachine } from '../verbs/paper-machine.ts';
import { smallSite } from '../verbs/site-on-paper.ts';
import { roomForImages } from './room.ts';

const gibibyte = 2 ** 30;
const folder = '/var/lib/rancher/k3s/agent/images';
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (name: string, archive: string): BundleImage => ({
  reference: `docker.io/library/${name}:1`,
  digest: digest(name),
  size: gibibyte,
  archive: `images/${archive}-amd64.tar.zst`,
  askedBy: [],
});

/** What is said of so much room when a new archive of 3 GiB with the images a, b and c comes, and so and so is there. */
async function told(freeGibibytes: number, there: readonly string[]) {
  const machine = new PaperMachine().put(`${folder}/novasphere-amd64.tar.zst`, 'of the release before');
  machine.put(`${folder}/k3s-airgap-images-amd64.tar.zst`, 'k3s');
  const rows = there.map((name) => `docker.io/library/${name}:1 type ${digest(name)} 1 GiB`);
  machine.ask = async ([program]) => {
    const stdout =
      program === 'df'
        ? `Avail Size\n${freeGibibytes * gibibyte} ${99 * gibibyte}`
        : program === 'k3s'
          ? rows.join('\n')
          : '';
    return { exitCode: stdout === '' ? 1 : 0, stdout, stderr: '' };
  };
  const unchanged = await machine.digest(`${folder}/k3s-airgap-images-amd64.tar.zst`);
  const bundle = {
    file: async (path: string) => ({ path, size: 3 * gibibyte, sha256: path.includes('k3s') ? unchanged : 'another' }),
    images: async () => [...['a', 'b', 'c'].map((name) => image(name, 'novasphere')), image('d', 'k3s-airgap-images')],
  };
  const problems = await roomForImages(await smallSite(), machine.stage({ bundle } as unknown as Partial<Sight>));
  return problems.map(({ sentence }) => sentence);
}

describe('the room for the images of a new release', () => {
  it('is that of the archive, and twice that of each image that is not there yet', async () => {
    expect(await told(8.9, [])).toEqual([
      'only 8.9 GiB are free for /var/lib/rancher/k3s on plant-7-a, the new images take 9 GiB',
    ]);
    expect(await told(9, [])).toEqual([]);
  });

  it('is less for each image that has stayed the same', async () => {
    expect(await told(4.9, ['a', 'b'])).toEqual([
      'only 4.9 GiB are free for /var/lib/rancher/k3s on plant-7-a, the new images take 5 GiB',
    ]);
    expect(await told(5, ['a', 'b'])).toEqual([]);
  });
});
