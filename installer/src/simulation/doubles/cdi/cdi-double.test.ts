import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { PlatformRig } from '../platform-rig.ts';
import { cdiDouble } from './cdi-double.ts';
import { cdiObject, cdiOperatorManifest, dataVolume, storageClass } from './cdi-manifests.ts';

const core = 'cdi.kubevirt.io/v1beta1';
let rig: PlatformRig;

async function installed(classes: readonly Json[] = [storageClass('longhorn')], spec: Json = {}): Promise<void> {
  rig = new PlatformRig([cdiDouble]);
  rig.start();
  for (const object of [...cdiOperatorManifest, ...classes]) await rig.create(object);
  await rig.until(async () => (await rig.list('apps/v1', 'Deployment'))[0]?.status?.readyReplicas === 1);
  await rig.create(cdiObject(spec));
  await rig.until(async () => (await rig.get(core, 'CDI', 'cdi')).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
}

const volume = (name: string) => rig.get(core, 'DataVolume', name, 'default');
const phase = async (name: string) => (await volume(name)).status?.phase;
const said = async (name: string, type: string) =>
  (await volume(name)).status?.conditions.find((one: Json) => one.type === type);

afterEach(() => rig.stop());

describe('cdi-deployment', () => {
  it('names the scratch class and keeps a profile for each storage class', async () => {
    const others = [
      storageClass('longhorn-migratable', {
        metadata: { name: 'longhorn-migratable' },
        parameters: { migratable: 'true' },
      }),
      storageClass('longhorn-block', { metadata: { name: 'longhorn-block' }, parameters: {} }),
      storageClass('strange', { metadata: { name: 'strange' }, provisioner: 'example.com/strange' }),
    ];

    await installed([storageClass('longhorn'), ...others]);

    const profiles = await rig.list(core, 'StorageProfile');
    expect((await rig.get(core, 'CDIConfig', 'config')).status.scratchSpaceStorageClass).toBe('longhorn');
    expect(
      Object.fromEntries(
        profiles.map(({ metadata, status }) => [
          metadata.name,
          status.claimPropertySets.map((one: Json) => `${one.accessModes} ${one.volumeMode}`),
        ]),
      ),
    ).toEqual({
      longhorn: ['ReadWriteOnce Filesystem'],
      'longhorn-migratable': ['ReadWriteMany Block', 'ReadWriteOnce Block'],
      'longhorn-block': ['ReadWriteOnce Block'],
      strange: [],
    });
  });

  it('fills a blank DataVolume', async () => {
    await installed();

    await rig.create(dataVolume('blank', {}));
    await rig.until(async () => (await phase('blank')) === 'Succeeded');

    const { status, metadata } = await volume('blank');
    const claim = await rig.get('v1', 'PersistentVolumeClaim', 'blank', 'default');
    expect(status.progress).toBe('100.0%');
    expect(status.conditions.map((one: Json) => `${one.type}=${one.status} ${one.reason ?? ''}`)).toEqual([
      'Bound=True Bound',
      'Ready=True ',
      'Running=False Completed',
    ]);
    expect(claim.metadata.ownerReferences[0]).toMatchObject({ kind: 'DataVolume', uid: metadata.uid });
    expect(claim.spec).toMatchObject({
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      storageClassName: 'longhorn',
      resources: { requests: { storage: '69Mi' } },
    });
    await rig.until(async () => (await rig.list('v1', 'Pod')).length === 0);
  });

  it('shows every phase of an import by the node, with its progress', async () => {
    await installed();
    const source = {
      registry: { url: 'docker://quay.io/kubevirt/cirros-container-disk-demo:v1.8.4', pullMethod: 'node' },
    };

    await rig.create(dataVolume('cirros', { source }));
    const seen: string[] = [];
    await rig.until(async () => {
      const { status } = await volume('cirros');
      const word = `${status?.phase} ${status?.progress}`;
      if (seen.at(-1) !== word) seen.push(word);
      return status?.phase === 'Succeeded';
    });

    expect(seen).toEqual(
      expect.arrayContaining([
        'ImportScheduled N/A',
        'ImportInProgress 23.51%',
        'ImportInProgress 98.27%',
        'Succeeded 100.0%',
      ]),
    );
  });

  it('stays scheduled while the node lacks the image to import', async () => {
    await installed();
    rig.missing.add('quay.io/kubevirt/nobody-has-this:v1');

    await rig.create(
      dataVolume('lost', {
        source: { registry: { url: 'docker://quay.io/kubevirt/nobody-has-this:v1', pullMethod: 'node' } },
      }),
    );
    await rig.clock.sleep(300_000);

    expect(await phase('lost')).toBe('ImportScheduled');
    expect(await said('lost', 'Running')).toMatchObject({ status: 'False', reason: 'ErrImagePull' });
  });

  it('cannot import over a network that is not there', async () => {
    await installed();

    await rig.create(
      dataVolume('far', {
        source: { registry: { url: 'docker://quay.io/kubevirt/cirros-container-disk-demo:v1.8.4' } },
      }),
    );
    await rig.until(async () => (await said('far', 'Running'))?.reason === 'Error');

    expect((await said('far', 'Running')).message).toBe(
      'Unable to process data: Failed to read registry image: Could not create image reference: error pinging docker registry quay.io: Get "https://quay.io/v2/": dial tcp: lookup quay.io: no such host',
    );
  });

  it('cannot open a block device that k3s does not hand to containers', async () => {
    await installed([storageClass('longhorn', { parameters: {} })]);
    rig.machine.write('/etc/rancher/k3s/config.yaml', 'cluster-init: true\n');

    await rig.create(dataVolume('blank', {}));
    await rig.until(async () => (await said('blank', 'Running'))?.reason === 'Error');

    expect((await said('blank', 'Running')).message).toContain(
      'blockdev: cannot open /dev/cdi-block-volume: Permission denied',
    );
  });

  it('waits for a default storage class and goes on when it appears', async () => {
    await installed([]);

    await rig.create(dataVolume('blank', {}));
    await rig.until(async () => (await said('blank', 'Bound')) !== undefined);
    const before = await said('blank', 'Bound');
    await rig.create(storageClass('longhorn'));
    await rig.until(async () => (await phase('blank')) === 'Succeeded');

    const events = await rig.list('v1', 'Event');
    expect(before).toMatchObject({
      reason: 'ErrClaimNotValid',
      message: 'PVC spec is missing accessMode and no storageClass to choose profile',
    });
    expect(events.map((one) => one.reason)).toContain('ErrClaimNotValid');
  });

  it('waits for the first consumer unless told to bind at once', async () => {
    await installed([
      storageClass('local-path', {
        provisioner: 'rancher.io/local-path',
        volumeBindingMode: 'WaitForFirstConsumer',
        parameters: {},
      }),
    ]);

    await rig.create(dataVolume('patient', {}));
    await rig.create(dataVolume('hasty', {}, { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' }));
    await rig.until(async () => (await phase('hasty')) === 'Succeeded');

    expect(await phase('patient')).toBe('WaitForFirstConsumer');
  });

  it('goes on after a power cut with what it finds', async () => {
    await installed();
    await rig.create(
      dataVolume('cut', {
        source: {
          registry: { url: 'docker://quay.io/kubevirt/cirros-container-disk-demo:v1.8.4', pullMethod: 'node' },
        },
      }),
    );
    await rig.until(async () => (await phase('cut')) === 'ImportInProgress');

    await rig.restart();
    await rig.until(async () => (await phase('cut')) === 'Succeeded');

    expect((await rig.get(core, 'CDI', 'cdi')).status.phase).toBe('Deployed');
  });
});

describe('cdi-apiserver', () => {
  const bad = (spec: Json) => rig.create(dataVolume('bad', spec), true);
  const denied = 'admission webhook "datavolume-validate.cdi.kubevirt.io" denied the request: ';

  it('refuses what is no source or no target, in its own words', async () => {
    await installed();

    await expect(bad({ source: { registry: { url: 'quay.io/kubevirt/cirros' } } })).rejects.toThrow(
      `${denied}Illegal registry source URL scheme quay.io/kubevirt/cirros`,
    );
    await expect(bad({ source: {} })).rejects.toThrow(`${denied}Missing dataVolume valid source`);
    await expect(bad({ source: { blank: {}, upload: {} } })).rejects.toThrow(`${denied}Multiple dataVolume sources`);
    await expect(bad({ storage: undefined })).rejects.toThrow(`${denied}Missing Data volume PVC`);
    await expect(bad({ storage: {} })).rejects.toThrow(`${denied}PVC size is missing`);
  });

  it('refuses to take CDI off while DataVolumes exist and that is to be blocked', async () => {
    await installed(undefined, { uninstallStrategy: 'BlockUninstallIfWorkloadsExist' });
    await rig.create(dataVolume('blank', {}));

    await expect(rig.remove(cdiObject())).rejects.toThrow(
      'Rejecting the uninstall request, since there are still DataVolumes present.',
    );
  });

  it('never answers while it is silent on purpose', async () => {
    rig = new PlatformRig([cdiDouble]);
    rig.troubles.add('webhook-silent cdi');
    rig.start();
    for (const object of cdiOperatorManifest) await rig.create(object);
    await rig.until(async () => (await rig.list('apps/v1', 'Deployment'))[0]?.status?.readyReplicas === 1);
    await rig.create(cdiObject());
    await rig.until(async () => (await rig.get(core, 'CDI', 'cdi')).status?.phase === 'Deployed');
    await rig.clock.sleep(60_000);

    await expect(rig.create(dataVolume('blank', {}), true)).rejects.toThrow(
      'failed calling webhook "datavolume-mutate.cdi.kubevirt.io"',
    );
  });

  it('serves the upload API', async () => {
    await installed();

    const service = await rig.get('apiregistration.k8s.io/v1', 'APIService', 'v1beta1.upload.cdi.kubevirt.io');
    expect(service.status.conditions).toMatchObject([{ type: 'Available', status: 'True', reason: 'Passed' }]);
  });
});

/** Another release of the operator is applied over the one that runs. */
async function operatorAt(version: string): Promise<void> {
  const operator = structuredClone(cdiOperatorManifest.find(({ kind }) => kind === 'Deployment'));
  await rig.patch(operator, JSON.parse(JSON.stringify(operator).replaceAll('v1.65.0', version)));
}

const told = async () => (await rig.get(core, 'CDI', 'cdi')).status;

describe('cdi-operator', () => {
  it('goes on answering while it becomes another version, and promises nothing meanwhile', async () => {
    await installed();

    await operatorAt('v1.66.0');
    await rig.until(async () => (await told()).phase === 'Upgrading');

    expect(await told()).toMatchObject({
      observedVersion: 'v1.65.0',
      targetVersion: 'v1.66.0',
      operatorVersion: 'v1.66.0',
    });
    expect((await told()).conditions.map((one: Json) => `${one.type}=${one.status} ${one.message ?? ''}`)).toEqual([
      'Available=True ',
      'Progressing=True ',
      'Degraded=True Started upgrade to version v1.66.0',
    ]);
    await rig.until(async () => (await told()).phase === 'Deployed');
    expect(await told()).toMatchObject({ observedVersion: 'v1.66.0', targetVersion: 'v1.66.0' });
    const images = (await rig.list('apps/v1', 'Deployment')).map((one) => one.spec.template.spec.containers[0].image);
    expect(images.filter((image) => !image.endsWith(':v1.66.0'))).toEqual([]);
  });

  it('never goes back: it tells which operator is there, and leaves everything as it is', async () => {
    await installed();

    await operatorAt('v1.64.0');
    await rig.clock.sleep(120_000);

    expect(await told()).toMatchObject({ phase: 'Deployed', observedVersion: 'v1.65.0', operatorVersion: 'v1.64.0' });
    const controller = await rig.get('apps/v1', 'Deployment', 'cdi-deployment', 'cdi');
    expect(controller.spec.template.spec.containers[0].image).toBe('quay.io/kubevirt/cdi-controller:v1.65.0');
  });

  it('takes the pod away that fills a disk which is deleted', async () => {
    await installed();
    await rig.create(dataVolume('gone', { source: { http: { url: 'https://example.com/disk.img' } } }));
    await rig.until(async () =>
      (await rig.list('v1', 'Pod')).some(({ metadata }) => metadata.name === 'importer-gone'),
    );

    await rig.remove(await volume('gone'));
    await rig.until(
      async () => !(await rig.list('v1', 'Pod')).some(({ metadata }) => metadata.name === 'importer-gone'),
    );

    expect(await volume('gone')).toBeUndefined();
  });

  it('takes everything off when the CDI object is deleted', async () => {
    await installed();

    await rig.remove(cdiObject());
    await rig.until(async () => (await rig.get(core, 'CDI', 'cdi')) === undefined);

    expect((await rig.list('apps/v1', 'Deployment')).map((one) => one.metadata.name)).toEqual(['cdi-operator']);
  });
});
