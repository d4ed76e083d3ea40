import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Double } from '../../bench.ts';
import { cdiDouble } from '../cdi/cdi-double.ts';
import { cdiObject, cdiOperatorManifest, dataVolume, storageClass } from '../cdi/cdi-manifests.ts';
import { PlatformRig } from '../platform-rig.ts';
import type { GuestDisks } from './guest-disks.ts';
import { kubevirtDouble } from './kubevirt-double.ts';
import { cirros, kubevirtObject, kubevirtOperator } from './kubevirt-manifests.ts';

const core = 'kubevirt.io/v1';
let rig: PlatformRig;

interface Wishes {
  readonly spec?: Json;
  readonly troubles?: readonly string[];
  readonly missing?: readonly string[];
  readonly others?: readonly Double[];
  readonly disks?: GuestDisks;
}

async function begun({
  spec = {},
  troubles = [],
  missing = [],
  others = [],
  disks = new Map(),
}: Wishes = {}): Promise<void> {
  rig = new PlatformRig([kubevirtDouble(disks), ...others]);
  for (const one of troubles) rig.troubles.add(one);
  for (const one of missing) rig.missing.add(one);
  rig.start();
  for (const object of kubevirtOperator) await rig.create(object);
  await rig.until(async () => (await rig.list('apps/v1', 'Deployment'))[0]?.status?.readyReplicas === 1);
  await rig.create(kubevirtObject({ infra: { replicas: 1 }, ...spec }));
}

async function installed(wishes: Wishes = {}): Promise<void> {
  await begun(wishes);
  await rig.until(async () => (await kubevirt()).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
}

async function withStorage(wishes: Wishes = {}): Promise<void> {
  await installed({ ...wishes, others: [cdiDouble] });
  for (const object of [
    ...cdiOperatorManifest.filter(({ metadata }) => metadata.name !== 'default'),
    storageClass('longhorn'),
  ])
    await rig.create(object);
  await rig.clock.sleep(3000);
  await rig.create(cdiObject());
  await rig.until(async () => (await rig.get('cdi.kubevirt.io/v1beta1', 'CDI', 'cdi')).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
}

const kubevirt = () => rig.get(core, 'KubeVirt', 'kubevirt', 'kubevirt');
const machine = (name = 'sample') => rig.get(core, 'VirtualMachine', name, 'default');
const instance = (name = 'sample') => rig.get(core, 'VirtualMachineInstance', name, 'default');
const word = async (name = 'sample') => (await machine(name))?.status?.printableStatus;
const launcher = async () =>
  (await rig.list('v1', 'Pod')).find(
    (one) => one.metadata.labels?.['kubevirt.io'] === 'virt-launcher' && one.metadata.deletionTimestamp === undefined,
  );
const consoleLog = async () => {
  const pod = await launcher();
  return pod === undefined ? '' : rig.log(pod, 'guest-console-log');
};
const conditions = (object: Json): readonly string[] =>
  object.status.conditions.map((one: Json) => `${one.type}=${one.status} ${one.reason}`);

/** A data disk beside the container disk, and user data of the kind that the sample VM has. */
function withData(claim: Json): Json {
  const userData = '#!/bin/sh\n# counts its boots\necho "novasphere-boot=$n" > /dev/console\n';
  return {
    domain: {
      devices: {
        disks: ['d', 'data', 'cloudinit'].map((name) => ({ name, disk: { bus: 'virtio' } })),
        interfaces: [{ name: 'default', masquerade: {} }],
      },
      memory: { guest: '128Mi' },
    },
    volumes: [
      { name: 'd', containerDisk: { image: 'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4' } },
      { name: 'data', ...claim },
      { name: 'cloudinit', cloudInitNoCloud: { userData } },
    ],
  };
}

afterEach(() => rig.stop());

describe('virt-operator', () => {
  it('ends Deployed, with versions and deployment ids equal', async () => {
    await installed();

    const { status } = await kubevirt();
    expect(conditions({ status })).toEqual([
      'Available=True AllComponentsReady',
      'Progressing=False AllComponentsReady',
      'Degraded=False AllComponentsReady',
      'Created=True AllResourcesCreated',
    ]);
    expect(status.observedKubeVirtVersion).toBe('v1.8.4');
    expect(status.observedDeploymentID).toBe(status.targetDeploymentID);
    expect((await rig.list('apps/v1', 'Deployment')).map((one) => [one.metadata.name, one.spec.replicas])).toEqual([
      ['virt-api', 1],
      ['virt-controller', 1],
      ['virt-operator', 1],
    ]);
    for (const version of ['v1', 'v1alpha3']) {
      const service = await rig.get('apiregistration.k8s.io/v1', 'APIService', `${version}.subresources.kubevirt.io`);
      expect(service.status.conditions).toMatchObject([{ type: 'Available', status: 'True', reason: 'Passed' }]);
    }
  });

  it('says which webhook does not answer, and heals by itself when it does', async () => {
    await begun({ troubles: ['webhook-silent kubevirt'] });

    await rig.until(async () =>
      (await kubevirt()).status?.conditions?.some((one: Json) => one.reason === 'DeploymentFailed'),
    );
    const failed = await kubevirt();
    rig.troubles.clear();
    await rig.until(async () => (await kubevirt()).status.phase === 'Deployed');

    expect(failed.status.phase).toBe('Deploying');
    expect(conditions(failed).toSorted()).toEqual([
      'Available=False DeploymentFailed',
      'Degraded=True DeploymentFailed',
      'Progressing=False DeploymentFailed',
      'Synchronized=False DeploymentFailed',
    ]);
    expect(failed.status.conditions[0].message).toContain(
      'failed calling webhook "virtualmachineclusterinstancetype-validator.instancetype.kubevirt.io"',
    );
    expect(conditions(await kubevirt())).toContain('Available=True AllComponentsReady');
  });

  it('stays Deploying for ever when one image is missing', async () => {
    await begun({ missing: ['quay.io/kubevirt/virt-handler:v1.8.4'] });

    await rig.clock.sleep(30 * 60_000);

    expect((await kubevirt()).status.phase).toBe('Deploying');
    expect(conditions(await kubevirt())).toContain('Progressing=True DeploymentInProgress');
  });

  it('goes on after a power cut at any moment of its roll-out', async () => {
    for (const seconds of [3, 12, 16, 19, 22, 27]) {
      await begun();
      await rig.clock.sleep(seconds * 1000);

      await rig.restart();
      await rig.until(async () => (await kubevirt()).status?.phase === 'Deployed');

      expect(await rig.list('batch/v1', 'Job')).toEqual([]);
      const guards = (await rig.list('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration')).map(
        (one) => one.metadata.name,
      );
      expect(guards).toEqual(['virt-api-validator', 'virt-operator-validator']);
      await rig.stop();
    }
  });

  it('follows a change of its replicas', async () => {
    await installed();

    await rig.patch(kubevirtObject(), { spec: { infra: { replicas: 2 } } });
    await rig.until(async () => (await rig.get('apps/v1', 'Deployment', 'virt-api', 'kubevirt')).spec.replicas === 2);
    await rig.until(async () => (await kubevirt()).status.observedGeneration === 2);

    expect((await kubevirt()).status.phase).toBe('Deployed');
  });

  it('serves one KubeVirt object and tells a second one so', async () => {
    await installed();

    await rig.create({ ...kubevirtObject(), metadata: { name: 'second', namespace: 'kubevirt' } });
    await rig.until(async () => (await rig.get(core, 'KubeVirt', 'second', 'kubevirt')).status);

    const { status } = await rig.get(core, 'KubeVirt', 'second', 'kubevirt');
    expect(conditions({ status })).toEqual(['Synchronized=False ExistingDeployment']);
  });

  it('refuses to go while virtual machines exist and that is to be blocked', async () => {
    await installed({ spec: { uninstallStrategy: 'BlockUninstallIfWorkloadsExist' } });
    await rig.create(cirros('sample', { runStrategy: 'Halted' }));

    await expect(rig.remove(kubevirtObject())).rejects.toThrow(
      'Rejecting the uninstall request, since there are still Virtual Machines present. Either delete all KubeVirt related workloads or change the uninstall strategy before uninstalling KubeVirt.',
    );
  });

  it('takes everything off that it made when the KubeVirt object goes', async () => {
    await installed();

    await rig.remove(kubevirtObject());
    await rig.until(async () => (await kubevirt()) === undefined);

    expect((await rig.list('apps/v1', 'Deployment')).map((one) => one.metadata.name)).toEqual(['virt-operator']);
    expect(
      (await rig.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition')).map((one) => one.metadata.name),
    ).toEqual(['kubevirts.kubevirt.io']);
  });
});

describe('an update of KubeVirt', () => {
  /** The operator of another release is applied over the one that runs. */
  async function operatorAt(version: string): Promise<void> {
    const operator = kubevirtOperator.find(({ kind }) => kind === 'Deployment');
    await rig.patch(operator, JSON.parse(JSON.stringify(operator).replaceAll('v1.8.4', version)));
  }

  it('says where it comes from and where it goes while everything answers as before', async () => {
    await installed();

    await operatorAt('v1.9.0');
    await rig.until(async () => (await kubevirt()).status.targetKubeVirtVersion === 'v1.9.0');

    const { status } = await kubevirt();
    expect(status).toMatchObject({
      phase: 'Deployed',
      observedKubeVirtVersion: 'v1.8.4',
      targetKubeVirtVersion: 'v1.9.0',
    });
    expect(conditions({ status })).toEqual([
      'Available=True UpdateInProgress',
      'Progressing=True UpdateInProgress',
      'Degraded=True UpdateInProgress',
    ]);
    await rig.until(async () => (await kubevirt()).status.observedKubeVirtVersion === 'v1.9.0');
    expect(conditions(await kubevirt())).toContain('Progressing=False AllComponentsReady');
  });

  it('leaves machines as they are, and counts those of the release before', async () => {
    await installed();
    await rig.create(cirros('sample'));
    await rig.until(async () => (await machine()).status?.ready === true);
    const before = [(await instance()).metadata.uid, (await launcher()).metadata.uid];

    await operatorAt('v1.9.0');
    await rig.until(async () => (await kubevirt()).status.outdatedVirtualMachineInstanceWorkloads === 1);

    expect([(await instance()).metadata.uid, (await launcher()).metadata.uid]).toEqual(before);
    expect((await instance()).metadata.labels).toHaveProperty(['kubevirt.io/outdatedLauncherImage']);
    await rig.remove(await machine());
    await rig.until(async () => (await kubevirt()).status.outdatedVirtualMachineInstanceWorkloads === 0);
  });
});

describe('virt-handler', () => {
  it('labels its node, offers its devices and keeps its heartbeat', async () => {
    await installed();
    await rig.clock.sleep(120_000);

    const { metadata, status } = await rig.get('v1', 'Node', 'node-a');
    expect(metadata.labels).toMatchObject({
      'kubevirt.io/schedulable': 'true',
      'machine-type.node.kubevirt.io/q35': 'true',
      cpumanager: 'false',
    });
    expect(status.allocatable).toMatchObject({
      'devices.kubevirt.io/kvm': '1k',
      'devices.kubevirt.io/tun': '1k',
      'devices.kubevirt.io/vhost-net': '1k',
    });
    expect(rig.clock.now() - Date.parse(metadata.annotations['kubevirt.io/heartbeat'])).toBeLessThan(70_000);
  });
});

describe('virt-api', () => {
  const denied = 'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ';
  const bad = (change: Json, template: Json = {}) => rig.create(cirros('bad', change, template), true);

  it('accepts a good virtual machine in a dry run, with its defaults, and keeps nothing', async () => {
    await installed();

    const made = await rig.create(cirros('sample'), true);

    const { domain, architecture } = made.spec.template.spec;
    expect(architecture).toBe('amd64');
    expect(domain.machine).toEqual({ type: 'q35' });
    expect(domain.firmware).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      serial: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await rig.list(core, 'VirtualMachine')).toEqual([]);
  });

  it('refuses what KubeVirt refuses, in its own words', async () => {
    await installed();

    await expect(bad({ running: true })).rejects.toThrow(
      `${denied}Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead`,
    );
    await expect(bad({ runStrategy: undefined })).rejects.toThrow(`${denied}RunStrategy must be specified`);
    await expect(bad({ runStrategy: 'Sometimes' })).rejects.toThrow(`${denied}Invalid RunStrategy (Sometimes)`);
    await expect(bad({}, { networks: [] })).rejects.toThrow(
      `${denied}spec.template.spec.domain.devices.interfaces[0].name 'default' not found.`,
    );
    await expect(bad({}, { volumes: [] })).rejects.toThrow(
      `${denied}spec.template.spec.domain.devices.disks[0].Name 'd' not found.`,
    );
    const paged = {
      domain: { devices: {}, memory: { guest: '129Mi', hugepages: { pageSize: '2Mi' } } },
      networks: [],
      volumes: [],
    };
    await expect(bad({}, paged)).rejects.toThrow(
      "'129Mi' is not a multiple of the page size spec.template.spec.domain.hugepages.size '2Mi'",
    );
  });
});

describe('virt-controller', () => {
  it('runs a virtual machine and says where and with which address', async () => {
    await installed();

    await rig.create(cirros('sample'));
    await rig.until(async () => (await machine()).status?.ready === true);

    const { status } = await instance();
    expect(await word()).toBe('Running');
    expect(status.phaseTransitionTimestamps.map((one: Json) => one.phase)).toEqual([
      'Pending',
      'Scheduling',
      'Scheduled',
      'Running',
    ]);
    expect(status.nodeName).toBe('node-a');
    expect(status.interfaces).toMatchObject([
      { name: 'default', ipAddress: '10.42.0.8', mac: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/) },
    ]);
    expect(conditions({ status })).toContain('Ready=True undefined');
    expect((await launcher()).status.conditions.map((one: Json) => one.type)).toContain(
      'kubevirt.io/virtual-machine-unpaused',
    );
  });

  it('asks for no KVM and no vhost-net under emulation, and for hugepages where the guest wants them', async () => {
    await installed({ spec: { configuration: { developerConfiguration: { useEmulation: true } } } });
    const domain = {
      devices: { disks: [{ name: 'd', disk: { bus: 'virtio' } }], interfaces: [{ name: 'default', masquerade: {} }] },
      memory: { guest: '128Mi', hugepages: { pageSize: '2Mi' } },
    };

    await rig.create(cirros('sample', {}, { domain }));
    await rig.until(async () => launcher());

    const { limits } = (await launcher()).spec.containers[0].resources;
    expect(limits).toEqual({ 'devices.kubevirt.io/tun': '1', 'hugepages-2Mi': '128Mi' });
  });

  it('starts again what is always to run: after a deleted instance, not after a stop', async () => {
    await installed();
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Running');
    const first = (await instance()).metadata.uid;

    await rig.remove(await instance());
    await rig.until(async () => (await word()) === 'Running' && (await instance())?.metadata.uid !== first);
    await rig.patch(cirros('sample'), { spec: { runStrategy: 'Halted' } });
    await rig.until(async () => (await instance()) === undefined);
    await rig.clock.sleep(60_000);

    expect(await word()).toBe('Stopped');
    expect(await launcher()).toBeUndefined();
  });

  it('starts and stops a manual machine when virtctl asks for it', async () => {
    await installed();
    await rig.create(cirros('sample', { runStrategy: 'Manual' }));
    await rig.clock.sleep(30_000);
    const ask = (verb: string) =>
      rig.server.request({
        method: 'PUT',
        path: `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/sample/${verb}`,
        body: {},
      });

    expect(await word()).toBe('Stopped');
    expect((await ask('start')).status).toBe(202);
    await rig.until(async () => (await word()) === 'Running');
    await ask('stop');
    await rig.until(async () => (await word()) === 'Stopped');
  });

  it('takes a deleted machine away to the last pod', async () => {
    await installed();
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Running');

    await rig.remove(cirros('sample'));
    await rig.until(async () => (await machine()) === undefined);

    expect(await instance()).toBeUndefined();
    await rig.until(async () => (await launcher()) === undefined);
  });

  it('says what it waits for: a claim, an image', async () => {
    await installed({ missing: ['quay.io/kubevirt/cirros-container-disk-demo:v1.8.4'] });

    await rig.create(cirros('homeless', {}, withData({ persistentVolumeClaim: { claimName: 'nowhere' } })));
    await rig.create(cirros('bare'));

    await rig.until(async () => (await word('homeless')) === 'ErrorPvcNotFound');
    await rig.until(async () => (await word('bare')) === 'ErrImagePull');
  });

  it('provisions the disk that a machine brings, and starts when it is there', async () => {
    await withStorage();
    const { metadata, spec } = dataVolume('disk', {});
    const words = new Set<string>();

    await rig.create(
      cirros(
        'sample',
        { dataVolumeTemplates: [{ metadata: { name: metadata.name }, spec }] },
        withData({ dataVolume: { name: 'disk' } }),
      ),
    );
    await rig.until(async () => {
      words.add(await word());
      return words.has('Running');
    });

    expect([...words]).toEqual(expect.arrayContaining(['Provisioning', 'Starting', 'Running']));
    expect((await instance()).status.volumeStatus[1]).toMatchObject({
      name: 'data',
      target: 'vdb',
      persistentVolumeClaimInfo: { claimName: 'disk' },
    });
  });

  it('goes on with a machine after a power cut', async () => {
    await installed();
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Starting');

    await rig.restart();
    await rig.until(async () => (await word()) === 'Running');

    expect(
      (await rig.list('v1', 'Pod')).filter((one) => one.metadata.labels['kubevirt.io'] === 'virt-launcher'),
    ).toHaveLength(1);
  });
});

describe('a guest', () => {
  it('boots to its login prompt in less than a minute', async () => {
    await installed();
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Running');

    const seconds = await rig.until(async () => (await consoleLog()).includes('sample login: '));

    expect(seconds).toBeGreaterThanOrEqual(18);
    expect(seconds).toBeLessThanOrEqual(42);
    expect(await consoleLog()).toContain(
      "login as 'cirros' user. default password: 'gocubsgo'. use 'sudo' for root.\n",
    );
  });

  it('needs minutes under emulation', async () => {
    await installed({ spec: { configuration: { developerConfiguration: { useEmulation: true } } } });
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Running');

    const seconds = await rig.until(async () => (await consoleLog()).includes('sample login: '));

    expect(seconds).toBeGreaterThan(110);
  });

  it('counts its boots on its data disk, over restarts and power cuts', async () => {
    const disks: GuestDisks = new Map();
    await withStorage({ disks });
    await rig.create(dataVolume('disk', {}));
    await rig.create(cirros('sample', {}, withData({ dataVolume: { name: 'disk' } })));
    await rig.until(async () => (await consoleLog()).includes('login: '));
    const first = await consoleLog();

    await rig.remove(await instance());
    await rig.until(async () => (await consoleLog()).includes('novasphere-boot=2'));
    await rig.restart();
    await rig.remove(await instance());
    await rig.until(
      async () =>
        (await consoleLog()).includes('novasphere-boot=4') || (await consoleLog()).includes('novasphere-boot=3'),
    );

    expect(first).toContain('novasphere-boot=1\n');
    expect([...disks.values()][0]).toBeGreaterThanOrEqual(3);
  });

  it('never prints a prompt when it is silent on purpose, though its instance runs', async () => {
    await installed({ troubles: ['guest-silent'] });
    await rig.create(cirros('sample'));
    await rig.until(async () => (await word()) === 'Running');
    await rig.clock.sleep(15 * 60_000);

    expect(await word()).toBe('Running');
    expect(await consoleLog()).toBe('SeaBIOS (version 1.16.3-4.el9)\nBooting from Hard Disk...\n');
  });
});
