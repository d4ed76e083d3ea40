import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { PlatformRig } from '../platform-rig.ts';
import { cdiDouble } from './cdi-double.ts';
import { cdiObject, cdiOperatorManifest, dataVolume, storageClass } from './cdi-manifests.ts';

const core = 'cdi.kubevirt.io/v1beta1';
const checksum = 'sha256:77c1';
const http = { http: { url: 'https://images.plant/a.qcow2', checksum } };
const registry = { registry: { url: 'docker://quay.io/a/b:1', pullMethod: 'node' } };
let rig: PlatformRig;

beforeEach(async () => {
  rig = new PlatformRig([cdiDouble]);
  rig.start();
  for (const object of [...cdiOperatorManifest, storageClass('longhorn')]) await rig.create(object);
  await rig.until(async () => (await rig.list('apps/v1', 'Deployment'))[0]?.status?.readyReplicas === 1);
  await rig.create(cdiObject());
  await rig.until(async () => (await rig.get(core, 'CDI', 'cdi')).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
  rig.machine.write('/etc/hosts', '127.0.0.1 localhost\n10.7.0.99 images.plant  # of the plant\n');
});
afterEach(() => rig.stop());

const volume = () => rig.get(core, 'DataVolume', 'disk', 'default');
const running = async (): Promise<Json> =>
  (await volume()).status?.conditions?.find((one: Json) => one.type === 'Running');
const failed = () => rig.until(async () => (await running())?.reason === 'Error');

describe('an import', () => {
  it('goes over the network to a host that the machine knows, with its progress', async () => {
    await rig.create(dataVolume('disk', { source: http }));
    const shown = new Set<string>();
    await rig.until(async () => {
      const { phase, progress } = (await volume()).status ?? {};
      shown.add(`${phase} ${progress}`);
      return phase === 'Succeeded';
    });

    expect([...shown]).toEqual(
      expect.arrayContaining(['ImportInProgress 23.51%', 'ImportInProgress 61.02%', 'Succeeded 100.0%']),
    );
  });

  it.for<[string, Json, string]>([
    [
      'import-unreachable',
      http,
      'Unable to connect to http data source: dial tcp 10.7.0.99:443: connect: connection refused',
    ],
    [
      'import-denied',
      http,
      'Unable to connect to http data source: expected status code 200, got 401. Status: 401 Unauthorized',
    ],
    [
      'import-missing',
      http,
      'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found',
    ],
    [
      'import-missing',
      registry,
      'Unable to process data: Failed to read registry image: error reading docker://quay.io/a/b:1: expected status code 200, got 404. Status: 404 Not Found',
    ],
    ['import-checksum', http, 'Unable to process data: checksum mismatch: expected sha256:77c1, got sha256:0b9e'],
    [
      'import-too-large',
      http,
      'Unable to process data: Virtual image size 144703488 is larger than the reported available storage 72351744. A larger PVC is required.',
    ],
    [
      'import-damaged',
      http,
      'Unable to process data: Unable to convert source data to target format: qemu-img execution failed: exit status 1',
    ],
  ])('under %s tells why', async ([trouble, source, message]) => {
    rig.troubles.add(`${trouble} disk`);
    await rig.create(dataVolume('disk', { source }));
    await failed();

    expect((await running()).message).toBe(message);
    expect((await volume()).status).toMatchObject({ phase: 'ImportInProgress', restartCount: 1 });
  });

  it('is tried again, later each time, and goes on where that helps', async () => {
    rig.troubles.add('import-unreachable disk');
    await rig.create(dataVolume('disk', { source: http }));
    const restarts = (count: number) => rig.until(async () => (await volume()).status?.restartCount === count);
    await restarts(1);
    const waits = [await restarts(2), await restarts(3), await restarts(4)];
    rig.troubles.clear();
    await rig.until(async () => (await volume()).status.phase === 'Succeeded');

    expect(waits.map((one) => Math.round(one / 10) * 10)).toEqual([10, 20, 40]);
    expect((await volume()).status.restartCount).toBe(4);
  });
});
