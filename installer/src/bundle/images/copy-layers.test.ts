import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeLayer, makeManifest } from '../../../../test/testbed/registry-images.ts';
import { BlobStore } from '../store/blob-store.ts';
import { copyLayers } from './copy-layers.ts';
import { ImageScratch } from './image-scratch.ts';
import { imageManifest } from './raw-manifest.ts';
import type { RegistryAccess } from './registry-access.ts';

const made = makeManifest('amd64', [makeLayer('a')]);
const image = {
  reference: 'quay.io/a/b:v1',
  digest: made.digest,
  manifest: imageManifest('quay.io/a/b:v1', made.bytes.toString()),
};

/** Time passes as soon as somebody waits. skopeo never ends by itself for so many times, then it ends well. */
function silent(times: number) {
  let [time, runs] = [0, 0];
  const access: RegistryAccess = {
    run: (_, { signal } = {}) => {
      runs++;
      if (runs > times) return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('ended'))));
    },
    clock: {
      now: () => time,
      elapsed: () => time,
      sleep: async (milliseconds) => {
        time += milliseconds;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    mirrors: { mirroredImage: (reference) => ({ reference, plainHttp: false }) },
  };
  return { access, runs: () => runs, time: () => time };
}

async function scratch(): Promise<ImageScratch> {
  const folder = await mkdtemp(join(tmpdir(), 'novasphere-copy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return new ImageScratch({ store: new BlobStore(folder), ...image });
}

test('a registry that sends nothing for five minutes is asked anew', async () => {
  const { access, runs, time } = silent(1);
  const told: unknown[] = [];

  await copyLayers(image, await scratch(), access, {
    tell: (event) => void (event.kind === 'waiting' && told.push(event)),
  });

  expect(runs()).toBe(2);
  expect(time()).toBeGreaterThan(300_000);
  expect(told).toEqual([{ kind: 'waiting', because: 'the registry did not send it to its end', milliseconds: 2000 }]);
});

test('a registry that stays silent is told as such', async () => {
  const { access } = silent(99);

  await expect(copyLayers(image, await scratch(), access, {})).rejects.toMatchObject({
    code: 'FETCH-FAILED',
    message: 'quay.io did not send quay.io/a/b:v1 to its end',
    evidence: ['timeout: nothing came for 300 s'],
  });
});
