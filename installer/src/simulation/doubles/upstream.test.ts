import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { nodeDoubles } from './node-doubles.ts';
import { TestBench } from './test-bench.ts';

const upstream = join(import.meta.dirname, '../../../../../shared/upstream');

describe.skipIf(!existsSync(upstream))('the real manifests on the doubles', () => {
  let world: TestBench;

  beforeEach(async () => {
    world = new TestBench();
    giveImages(world);
    world.machine.files.set('/etc/rancher/k3s/config.yaml', 'cluster-init: true\ndisable: [traefik, local-storage]\n');
    world.start(nodeDoubles);
    await world.pass(60);
  });
  afterEach(() => world.stop());

  it('brings k3s up with its add-ons, and without those that are disabled', async () => {
    const deployments = await world.list('/apis/apps/v1/namespaces/kube-system/deployments');
    expect(deployments.map((one) => [one.metadata.name, one['status'].availableReplicas])).toEqual([
      ['coredns', 1],
      ['metrics-server', 1],
    ]);
    const metrics = await world.get('/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io');
    expect(metrics['status'].conditions).toMatchObject([{ type: 'Available', status: 'True' }]);
  });

  it('takes Longhorn to a bound volume', async () => {
    await snapshotter(world);
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(180);
    const nodes = await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/nodes');
    await world.apply(claim('data'));
    await world.pass(30);
    await world.apply(user('writer', 'data', { 'novasphere.dev/writes': 'kept' }));
    await world.pass(40);
    const volumes = await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/volumes');
    await world.apply(user('reader', 'data', { 'novasphere.dev/reads': 'true' }));
    await world.pass(40);

    expect(
      nodes[0]!['status'].conditions.map((one: { type: string; status: string }) => `${one.type}=${one.status}`),
    ).toEqual([
      'MountPropagation=True',
      'RequiredPackages=True',
      'KernelModulesLoaded=True',
      'NFSClientInstalled=True',
      'Multipathd=True',
      'Ready=True',
      'Schedulable=True',
    ]);
    expect((await world.get('/api/v1/namespaces/default/persistentvolumeclaims/data'))['status'].phase).toBe('Bound');
    expect(volumes[0]!['status']).toMatchObject({
      state: 'detached',
      conditions: [{ type: 'Scheduled', reason: 'ReplicaSchedulingFailure' }],
    });
    expect(await world.log('default/reader/main')).toBe('kept\n');
  });

  it('takes a volume away with its claim', async () => {
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(180);
    await world.apply(claim('data'));
    await world.pass(20);
    await world.remove('/api/v1/namespaces/default/persistentvolumeclaims/data');
    await world.pass(20);

    expect(await world.list('/api/v1/persistentvolumes')).toEqual([]);
    expect(await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/volumes')).toEqual([]);
  });

  it('lets Longhorn’s manager fail on a machine without iSCSI, in its own words', async () => {
    world.machine.packages.delete('open-iscsi');
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(120);
    const manager = (await pods('longhorn-system', 'app=longhorn-manager'))[0]!;
    const broken = status(manager, 'longhorn-manager');
    const log = await world.log(`longhorn-system/${manager.metadata.name}/longhorn-manager`);
    world.machine.packages.add('open-iscsi');
    await world.pass(120);

    expect(broken.state.waiting.reason).toBe('CrashLoopBackOff');
    expect(log).toContain(
      'failed to check environment, please make sure you have iscsiadm/open-iscsi installed on the host',
    );
    expect(status((await pods('longhorn-system', 'app=longhorn-manager'))[0]!, 'longhorn-manager').ready).toBe(true);
  });

  it('lets Longhorn wait two minutes for its own webhook, and heal', async () => {
    world.troubles.add('longhorn-webhook-waits');
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(160);
    const manager = (await pods('longhorn-system', 'app=longhorn-manager'))[0]!;
    const log = await world.log(`longhorn-system/${manager.metadata.name}/longhorn-manager`);
    world.troubles.clear();
    await world.pass(300);

    expect(log).toContain('admission webhook service is not accessible on cluster after 2m0s sec');
    expect(status((await pods('longhorn-system', 'app=longhorn-manager'))[0]!, 'longhorn-manager').ready).toBe(true);
  });

  it.each([
    ['v1.10.2', 'failed to upgrade since upgrading from v1.10.2 to v1.12.1 for minor version is not supported'],
    ['v1.13.0', 'failed to upgrade since downgrading from v1.13.0 to v1.12.1 is not supported'],
  ])('lets Longhorn’s manager end over the data of %s, in its own words', async (version, words) => {
    const own = ordered(read('longhorn/longhorn.yaml'));
    await world.apply(...own.filter(({ kind }) => kind === 'CustomResourceDefinition' || kind === 'Namespace'));
    await world.pass(10);
    const metadata = { name: 'current-longhorn-version', namespace: 'longhorn-system' };
    await world.apply({ apiVersion: 'longhorn.io/v1beta2', kind: 'Setting', metadata, value: version });
    await world.apply(...own);
    await world.pass(120);

    const manager = (await pods('longhorn-system', 'app=longhorn-manager'))[0]!;
    expect(status(manager, 'longhorn-manager').state.waiting.reason).toBe('CrashLoopBackOff');
    expect(await world.log(`longhorn-system/${manager.metadata.name}/longhorn-manager`)).toContain(words);
  });

  it('has Longhorn whole again after a power cut, with the data of its volumes', async () => {
    await world.apply(...ordered(read('longhorn/longhorn.yaml')));
    await world.pass(180);
    await world.apply(claim('data'), user('writer', 'data', { 'novasphere.dev/writes': 'kept' }));
    await world.pass(60);
    world.stop();
    world.server.drop();
    world.machine.bootId = 'plant-7-a-boot-2';
    await world.pass(60);
    world.server.up();
    world.start(nodeDoubles);
    await world.pass(180);
    await world.apply(user('reader', 'data', { 'novasphere.dev/reads': 'true' }));
    await world.pass(60);

    const all = await world.list('/api/v1/namespaces/longhorn-system/pods');
    expect(all.filter((one) => one['status'].phase !== 'Running')).toEqual([]);
    const managers = await world.list('/apis/longhorn.io/v1beta2/namespaces/longhorn-system/instancemanagers');
    expect(managers.map((one) => one['status'].currentState)).toEqual(['running']);
    expect(await world.log('default/reader/main')).toBe('kept\n');
  });

  it('lets the snapshot controller crash without its CRDs, and run with them', async () => {
    await world.apply(...ordered(readFolder('snapshotter/deploy/kubernetes/snapshot-controller')));
    await world.pass(60);
    const before = (await pods('kube-system', 'app.kubernetes.io/name=snapshot-controller'))[0]!;
    await world.apply(...ordered(readFolder('snapshotter/client/config/crd')));
    await world.pass(120);

    expect(status(before, 'snapshot-controller').restartCount).toBeGreaterThan(0);
    const deployment = await world.get('/apis/apps/v1/namespaces/kube-system/deployments/snapshot-controller');
    expect(deployment['status'].availableReplicas).toBe(2);
  });

  it('puts Multus before flannel when the paths are k3s’s, and gives a second interface', async () => {
    await world.apply(...multus());
    await world.pass(30);
    const conf = JSON.parse(world.machine.files.get(`${CNI}/00-multus.conf`)!);
    await world.apply(
      attachment,
      trial('plain', {}),
      trial('second-nic', { 'k8s.v1.cni.cncf.io/networks': 'test-net' }),
    );
    await world.pass(20);

    expect(conf).toMatchObject({
      type: 'multus',
      kubeconfig: `${CNI}/multus.d/multus.kubeconfig`,
      delegates: [{ name: 'cbr0' }],
    });
    expect((await world.get('/api/v1/namespaces/default/pods/plain'))['status'].phase).toBe('Succeeded');
    expect(await world.log('default/second-nic/main')).toMatch(/^eth0 10\.42\.0\.\d+\nnet1 10\.10\.0\.\d+\n$/);
  });

  it('stops every new pod on the node when Multus names a kubeconfig that is not there, until the file is gone', async () => {
    world.troubles.add('multus-config-broken');
    await world.apply(...multus());
    await world.pass(30);
    await world.apply(trial('plain', {}));
    await world.pass(30);
    const stuck = await world.get('/api/v1/namespaces/default/pods/plain');
    const events = await world.list('/api/v1/namespaces/default/events');
    await world.remove('/apis/apps/v1/namespaces/kube-system/daemonsets/kube-multus-ds');
    await world.pass(5);
    world.machine.remove(`${CNI}/00-multus.conf`);
    await world.pass(40);

    expect(stuck['status'].containerStatuses[0].state.waiting.reason).toBe('ContainerCreating');
    expect(events.find((one) => one['reason'] === 'FailedCreatePodSandBox')?.['message']).toContain(
      'failed to get context for the kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig',
    );
    expect((await world.get('/api/v1/namespaces/default/pods/plain'))['status'].phase).toBe('Succeeded');
  });

  it('lets Multus crash where its manifest names the wrong CNI folder', async () => {
    await world.apply(...read('multus/multus-daemonset.yml').filter((one) => one.kind !== 'Namespace'));
    await world.pass(60);
    const pod = (await pods('kube-system', 'app=multus'))[0]!;

    expect(status(pod, 'kube-multus').lastState.terminated.message).toContain(
      'failed to find the primary CNI plugin: could not find a plugin configuration in /host/etc/cni/net.d',
    );
  });

  it('takes kubernetes-nmstate to a policy that is applied and taken back', async () => {
    await world.apply(...ordered(nmstate()));
    await world.pass(90);
    const wish = await world.get('/apis/nmstate.io/v1/nmstates/nmstate');
    const state = await world.get('/apis/nmstate.io/v1beta1/nodenetworkstates/plant-7-a');
    await world.apply(policy('up'));
    await world.pass(40);
    const up = await interfaces();
    await world.apply(policy('absent'));
    await world.pass(40);

    expect(wish['status'].conditions).toMatchObject([
      { type: 'Available', status: 'True', reason: 'SuccessfullyDeployed' },
      { type: 'Progressing', status: 'False' },
      { type: 'Degraded', status: 'False' },
    ]);
    expect(state['status'].currentState.interfaces).toMatchObject([
      { name: 'lo' },
      { name: 'lan0', state: 'up' },
      { name: 'mgmt0', state: 'up' },
    ]);
    expect(up).toEqual(['lo', 'lan0', 'mgmt0', 'dummy9']);
    expect(await interfaces()).toEqual(['lo', 'lan0', 'mgmt0']);
    const told = await world.get('/apis/nmstate.io/v1/nodenetworkconfigurationpolicies/probe');
    expect(told['status'].conditions).toContainEqual(expect.objectContaining({ type: 'Available', status: 'True' }));
  });

  it('lets the nmstate handler crash where NetworkManager does not run', async () => {
    world.machine.units.delete('NetworkManager');
    await world.apply(...ordered(nmstate()));
    await world.pass(120);
    const handler = (await pods('nmstate', 'name=nmstate-handler'))[0]!;

    expect(status(handler, 'nmstate-handler').state.waiting?.reason).toBe('CrashLoopBackOff');
    expect(await world.log(`nmstate/${handler.metadata.name}/nmstate-handler`)).toContain(
      'The name org.freedesktop.NetworkManager was not provided',
    );
  });

  const pods = (namespace: string, label: string) => world.list(`/api/v1/namespaces/${namespace}/pods`, label);
  const interfaces = async () => {
    const state = await world.get('/apis/nmstate.io/v1beta1/nodenetworkstates/plant-7-a');
    return state['status'].currentState.interfaces.map((one: { name: string }) => one.name);
  };
});

const CNI = '/var/lib/rancher/k3s/agent/etc/cni/net.d';

function status(pod: KubeObject, container: string) {
  return pod['status'].containerStatuses.find((one: { name: string }) => one.name === container);
}

/** The upstream manifest with the paths of k3s, as the installer patches it. */
function multus(): KubeObject[] {
  const folders: Record<string, string> = { cni: CNI, cnibin: '/var/lib/rancher/k3s/data/cni' };
  return ordered(read('multus/multus-daemonset.yml')).map((one) => {
    if (one.kind !== 'DaemonSet') return one;
    const { spec } = one['spec'].template;
    for (const volume of spec.volumes) if (folders[volume.name]) volume.hostPath.path = folders[volume.name];
    spec.containers[0].args.push(`--multus-kubeconfig-file-host=${CNI}/multus.d/multus.kubeconfig`);
    return one;
  });
}

function trial(kind: string, annotations: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: kind, namespace: 'default', labels: { 'novasphere.dev/trial': kind }, annotations },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'rancher/mirrored-library-busybox:1.37.0' }] },
  };
}

const attachment: KubeObject = {
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name: 'test-net', namespace: 'default' },
  spec: {
    config: JSON.stringify({
      cniVersion: '0.3.1',
      type: 'bridge',
      ipam: { type: 'host-local', subnet: '10.10.0.0/24' },
    }),
  },
};

function policy(state: string): KubeObject {
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: 'probe' },
    spec: { desiredState: { interfaces: [{ name: 'dummy9', type: 'dummy', state }] } },
  };
}

function nmstate(): KubeObject[] {
  return readFolder('nmstate').filter((one) => one.kind !== 'NodeNetworkConfigurationPolicy');
}

function claim(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
  };
}

function user(name: string, claimName: string, annotations: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { 'novasphere.dev/trial': 'volume' }, annotations },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'main',
          image: 'rancher/mirrored-library-busybox:1.37.0',
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  };
}

async function snapshotter(world: TestBench): Promise<void> {
  await world.apply(...ordered(readFolder('snapshotter/client/config/crd')));
  await world.apply(...ordered(readFolder('snapshotter/deploy/kubernetes/snapshot-controller')));
}

function giveImages(world: TestBench): void {
  const text = [...walk(upstream)].map((path) => readFileSync(path, 'utf8')).join('\n');
  const found = text.matchAll(
    /(?:docker\.io\/|quay\.io\/|ghcr\.io\/|registry\.k8s\.io\/)?[a-z0-9./-]+\/[a-z0-9-]+:[a-z0-9][a-z0-9.-]+/g,
  );
  const k3s = ['mirrored-coredns-coredns:1.14.4', 'mirrored-metrics-server:v0.8.1', 'mirrored-library-busybox:1.37.0'];
  for (const image of [...k3s.map((one) => `rancher/${one}`), ...[...found].map(([one]) => one)]) {
    const first = image.split('/')[0] ?? '';
    world.machine.images.add(first.includes('.') ? image : `docker.io/${image}`);
  }
}

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else yield path;
  }
}

function read(path: string): KubeObject[] {
  return loadAll(readFileSync(join(upstream, path), 'utf8')).filter(
    (one): one is KubeObject => one !== null && one !== undefined,
  );
}

function readFolder(folder: string): KubeObject[] {
  return [...walk(join(upstream, folder))]
    .filter((path) => path.endsWith('.yaml') && !path.includes('kustomization'))
    .flatMap((path) => read(path.slice(upstream.length + 1)));
}

const FIRST = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'ServiceAccount', 'ConfigMap'];
const LAST = ['NMState'];

function ordered(objects: KubeObject[]): KubeObject[] {
  const rank = (one: KubeObject) =>
    FIRST.includes(one.kind) ? FIRST.indexOf(one.kind) : FIRST.length + LAST.indexOf(one.kind);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}
