import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Request, Transport } from '#kube/transport';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { wukongCrd } from './api/wukong-crd.ts';
import { startOperator } from './start.ts';

const merge = 'application/merge-patch+json';
const paths = {
  wukong: '/apis/vm.novasphere.dev/v1alpha1/namespaces/default/wukongs',
  vm: '/apis/kubevirt.io/v1/namespaces/default/virtualmachines',
  vmi: '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances',
  dv: '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes',
  claim: '/api/v1/namespaces/default/persistentvolumeclaims',
};

/** A kind as KubeVirt and CDI define theirs, without their schema. */
function loose(group: string, version: string, kind: string): Json {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

let clock: VirtualClock;
let server: SimulatedApiServer;
let stop: AbortController;
let logged: { readonly message: string; readonly [field: string]: unknown }[];

beforeEach(() => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  stop = new AbortController();
  logged = [];
});
afterEach(() => stop.abort());

async function ask(method: Request['method'], path: string, body?: Json, contentType?: string): Promise<Json> {
  const answer = await server.request({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(contentType === undefined ? {} : { contentType }),
  });
  if (answer.status >= 400 && answer.status !== 404) throw new Error((answer.body as Json).message);
  return answer.status === 404 ? undefined : answer.body;
}

async function define(...kinds: readonly Json[]): Promise<void> {
  for (const one of kinds) await ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', one);
  await clock.sleep(2000);
}

async function defineAll(): Promise<void> {
  await define(
    wukongCrd(),
    loose('kubevirt.io', 'v1', 'VirtualMachine'),
    loose('kubevirt.io', 'v1', 'VirtualMachineInstance'),
    loose('cdi.kubevirt.io', 'v1beta1', 'DataVolume'),
  );
}

function start(identity = 'one', transport: Transport = server, life = stop): Promise<void> {
  const log = (message: string, about = {}) => void logged.push({ message, ...about });
  return startOperator({ transport, time: clock, namespace: 'default', identity, signal: life.signal, log });
}

const wukong = (spec: Json = {}, name = 'press'): Json => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name, namespace: 'default' },
  spec: { cpu: 2, memory: '1024Mi', disks: [{ name: 'data', size: '1024Mi' }], ...spec },
});

/** A running operator and one Wukong with an empty disk. */
async function ready(spec: Json = {}): Promise<void> {
  await defineAll();
  start().catch(() => {});
  await clock.sleep(5000);
  await ask('POST', paths.wukong, wukong(spec));
  await clock.sleep(5000);
}

const status = async (): Promise<Json> => (await ask('GET', `${paths.wukong}/press`)).status;
const condition = async (type: string): Promise<string> => {
  const found = (await status()).conditions.find((one: Json) => one.type === type);
  return `${found.status} ${found.reason}: ${found.message}`;
};
/** What the operator has written since: everything but its lease and what the test wrote itself. */
const writes = (since = 0): readonly string[] =>
  server.log
    .slice(since)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/leases'))
    .map(({ method, path, status: code }) => `${method} ${path.replace(/^.*\/default\//, '')} ${code}`);

describe('the operator', () => {
  it('makes the disk and then the machine of a Wukong, and says how it stands', async () => {
    await ready();

    expect(writes().filter((one) => one.startsWith('PATCH'))).toEqual([
      'PATCH persistentvolumeclaims/press-data 201',
      'PATCH wukongs/press/status 200',
      'PATCH virtualmachines/press-vm 201',
      'PATCH wukongs/press/status 200',
    ]);
    expect(await status()).toMatchObject({ phase: 'Creating', vmName: 'press-vm', observedGeneration: 1 });
    expect(await condition('VMSynced')).toBe('True Applied: everything that is wanted has been applied');
  });

  it('writes nothing however often it looks again', async () => {
    await ready();
    const since = server.log.length;

    for (let count = 0; count < 50; count++) {
      const note = { metadata: { annotations: { 'example.com/note': String(count) } } };
      await server.request({ method: 'PATCH', path: `${paths.wukong}/press`, body: note, contentType: merge });
      server.dropWatches();
      await clock.sleep(2000);
    }

    expect(writes(since).filter((one) => one !== 'PATCH wukongs/press 200')).toEqual([]);
  });

  it('writes nothing after a restart either', async () => {
    await ready();
    stop.abort();
    await clock.sleep(5000);
    const since = server.log.length;

    stop = new AbortController();
    void start('two');
    await clock.sleep(60_000);

    expect(logged.filter((one) => one.message === 'leading')).toHaveLength(2);
    expect(writes(since)).toEqual([]);
  });

  it('takes no notice of what KubeVirt adds, and never takes it away', async () => {
    await ready();
    const filled = {
      metadata: { annotations: { 'kubevirt.io/latest-observed-api-version': 'v1' } },
      spec: {
        template: {
          metadata: { annotations: { 'kubevirt.io/pci-topology-version': 'v3' } },
          spec: {
            architecture: 'amd64',
            domain: { machine: { type: 'q35' }, firmware: { uuid: 'u-1', serial: 's-1' } },
          },
        },
      },
    };
    const since = server.log.length;
    await ask('PATCH', `${paths.vm}/press-vm`, filled, merge);
    await clock.sleep(60_000);
    expect(writes(since)).toEqual(['PATCH virtualmachines/press-vm 200']);

    await ask('PATCH', `${paths.wukong}/press`, { spec: { cpu: 4 } }, merge);
    await clock.sleep(60_000);

    const { template } = (await ask('GET', `${paths.vm}/press-vm`)).spec;
    expect(template.spec.domain).toMatchObject({
      cpu: { sockets: 4 },
      firmware: { uuid: 'u-1' },
      machine: { type: 'q35' },
    });
    expect(template.metadata.annotations).toEqual({ 'kubevirt.io/pci-topology-version': 'v3' });
  });

  it('does not fight over a size that the API server says in other words', async () => {
    await ready();
    // A real API server stores quantities of claims in their shortest form.
    await ask('PATCH', `${paths.claim}/press-data`, { spec: { resources: { requests: { storage: '1Gi' } } } }, merge);
    await ask(
      'PATCH',
      `${paths.vm}/press-vm`,
      { spec: { template: { spec: { domain: { memory: { guest: '1Gi' } } } } } },
      merge,
    );
    const since = server.log.length;

    await clock.sleep(10 * 60_000);

    expect(writes(since)).toEqual([]);
  });

  it.for<[string, Json]>([
    ['another run strategy', { spec: { runStrategy: 'Halted' } }],
    ['another number of processors', { spec: { template: { spec: { domain: { cpu: { sockets: 9 } } } } } }],
    ['a disk more', { spec: { template: { spec: { volumes: [{ name: 'x', emptyDisk: { capacity: '1Gi' } }] } } } }],
    ['no labels', { metadata: { labels: null } }],
    ['no owner', { metadata: { ownerReferences: [] } }],
  ])('mends a machine to which somebody gave %s', async ([what, edit]) => {
    await ready();
    const before = await ask('GET', `${paths.vm}/press-vm`);

    await ask('PATCH', `${paths.vm}/press-vm`, edit, merge);
    await clock.sleep(10_000);

    const after = await ask('GET', `${paths.vm}/press-vm`);
    if (what === 'no owner') {
      // Without its owner it is nobody's, and what is nobody's is left alone.
      expect(await condition('VMSynced')).toBe(
        'False NameConflict: VirtualMachine press-vm is there already and belongs to something else',
      );
    } else {
      expect(after.spec).toEqual(before.spec);
      expect(after.metadata.labels).toEqual(before.metadata.labels);
    }
  });

  it('makes a machine anew that somebody deleted', async () => {
    await ready();
    const { uid } = (await ask('GET', `${paths.vm}/press-vm`)).metadata;

    await ask('DELETE', `${paths.vm}/press-vm`);
    await clock.sleep(10_000);

    expect((await ask('GET', `${paths.vm}/press-vm`)).metadata.uid).not.toBe(uid);
  });

  it('never overwrites what is not its own, says so, and goes on once it is gone', async () => {
    await defineAll();
    const mine = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'press-vm' },
      spec: { mine: true },
    };
    await ask('POST', paths.vm, mine);
    await ask('PATCH', `${paths.vm}/press-vm/status`, { status: { printableStatus: 'Running' } }, merge);
    void start();
    await clock.sleep(5000);
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(10 * 60_000);

    expect((await ask('GET', `${paths.vm}/press-vm`)).spec).toEqual({ mine: true });
    const conflict = 'VirtualMachine press-vm is there already and belongs to something else';
    expect(await condition('VMSynced')).toBe(`False NameConflict: ${conflict}`);
    expect(await condition('Ready')).toBe(`False Pending: ${conflict}`);
    expect((await status()).vmStatus).toBeUndefined();

    await ask('DELETE', `${paths.vm}/press-vm`);
    await clock.sleep(61_000);
    expect(await condition('VMSynced')).toBe('True Applied: everything that is wanted has been applied');
  });

  it('never takes somebody else’s claim for a disk, filled or empty', async () => {
    await defineAll();
    const claim = (name: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '7Gi' } } },
    });
    for (const name of ['press-data', 'press-root']) await ask('POST', paths.claim, claim(name));
    void start();
    const disks = [
      { name: 'data', size: '1Gi' },
      { name: 'root', size: '1Gi', image: 'quay.io/a/b:1' },
    ];
    await ask('POST', paths.wukong, wukong({ disks }));
    await clock.sleep(30_000);

    expect(await condition('VMSynced')).toBe(
      'False NameConflict: PersistentVolumeClaim press-data is there already and belongs to something else; ' +
        'PersistentVolumeClaim press-root is there already and belongs to something else',
    );
    expect(await ask('GET', `${paths.dv}/press-root`)).toBeUndefined();
    expect(await ask('GET', `${paths.vm}/press-vm`)).toBeUndefined();
  });

  it('tells two Wukongs apart whose disks come to the same name', async () => {
    await ready({ disks: [{ name: 'b-c', size: '1Gi' }] });
    await ask('POST', paths.wukong, wukong({ disks: [{ name: 'c', size: '2Gi' }] }, 'press-b'));
    await clock.sleep(10_000);

    const claim = await ask('GET', `${paths.claim}/press-b-c`);
    expect(claim.metadata.ownerReferences[0].name).toBe('press');
    expect(claim.spec.resources.requests.storage).toBe('1Gi');
    const other = (await ask('GET', `${paths.wukong}/press-b`)).status;
    expect(other.volumes).toEqual([{ name: 'c', pvcName: 'press-b-c', bound: false }]);
  });

  it('halts the machine at power Off and lets it run again at On', async () => {
    await ready();

    await ask('PATCH', `${paths.wukong}/press`, { spec: { power: 'Off' } }, merge);
    await clock.sleep(2000);
    await ask('PATCH', `${paths.vm}/press-vm/status`, { status: { printableStatus: 'Stopped' } }, merge);
    await clock.sleep(2000);
    expect((await ask('GET', `${paths.vm}/press-vm`)).spec.runStrategy).toBe('Halted');
    expect(await status()).toMatchObject({ phase: 'Stopped', observedGeneration: 2 });

    await ask('PATCH', `${paths.wukong}/press`, { spec: { power: 'On' } }, merge);
    await clock.sleep(2000);
    expect((await ask('GET', `${paths.vm}/press-vm`)).spec.runStrategy).toBe('Always');
  });

  it('lets everything of a Wukong go with it, by its owner', async () => {
    await ready({
      disks: [
        { name: 'data', size: '1Gi' },
        { name: 'root', size: '1Gi', image: 'quay.io/a/b:1' },
      ],
    });
    const since = server.log.length;

    await ask('DELETE', `${paths.wukong}/press`);
    await clock.sleep(60_000);

    for (const path of [`${paths.vm}/press-vm`, `${paths.dv}/press-root`])
      expect(await ask('GET', path)).toBeUndefined();
    const claim = await ask('GET', `${paths.claim}/press-data`);
    expect(claim?.metadata.deletionTimestamp ?? 'gone').toBeDefined();
    expect(writes(since)).toEqual(['DELETE wukongs/press 200']);
    expect(logged.filter((one) => one.message === 'reconcile failed')).toEqual([]);
  });

  it('fills a disk once, and grows its claim when the disk is to be larger', async () => {
    await ready({ disks: [{ name: 'root', size: '1Gi', image: 'quay.io/a/b:1' }] });
    const filling = await ask('GET', `${paths.dv}/press-root`);
    const owner = {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      name: 'press-root',
      uid: filling.metadata.uid,
    };
    await ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'elastic' },
      provisioner: 'driver.longhorn.io',
      allowVolumeExpansion: true,
    });
    await ask('POST', paths.claim, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'press-root',
        labels: filling.metadata.labels,
        ownerReferences: [{ ...owner, controller: true }],
      },
      spec: {
        storageClassName: 'elastic',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    });
    await ask(
      'PATCH',
      `${paths.claim}/press-root/status`,
      { status: { phase: 'Bound', capacity: { storage: '1Gi' } } },
      merge,
    );
    await ask('PATCH', `${paths.dv}/press-root/status`, { status: { phase: 'Succeeded', progress: '100.0%' } }, merge);
    await clock.sleep(5000);
    expect(await condition('VolumesBound')).toBe('True VolumesReady: 1 of 1 disks ready');
    expect(await ask('GET', `${paths.vm}/press-vm`)).toBeDefined();

    await ask(
      'PATCH',
      `${paths.wukong}/press`,
      { spec: { disks: [{ name: 'root', size: '2Gi', image: 'quay.io/a/b:1' }] } },
      merge,
    );
    await clock.sleep(5000);

    expect(await condition('VMSynced')).toBe('True Applied: everything that is wanted has been applied');
    expect((await ask('GET', `${paths.claim}/press-root`)).spec.resources.requests.storage).toBe('2Gi');
  });

  it('tells of a machine that KubeVirt refuses, and does not ask again until something changes', async () => {
    await defineAll();
    let refusals = 0;
    server.intercept = (request) => {
      if (request.method !== 'PATCH' || !request.path.endsWith('/press-vm')) return undefined;
      refusals++;
      const message = 'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: spec.x is wrong';
      return { status: 422, body: { kind: 'Status', code: 422, reason: 'Invalid', message } };
    };
    void start();
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(60 * 60_000);

    expect(await status()).toMatchObject({ phase: 'Error' });
    expect(await condition('SpecValid')).toBe(
      'False InvalidSpec: VirtualMachine press-vm: admission webhook "virtualmachine-validator.kubevirt.io" denied the request: spec.x is wrong',
    );
    expect(refusals).toBeLessThan(5);
  });

  it('waits for KubeVirt where it is not installed yet, says so, and goes on when it is', async () => {
    await define(wukongCrd());
    void start();
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(60_000);
    expect(await condition('Ready')).toBe(
      'False MissingDependency: VirtualMachine press-vm: the API server does not serve VirtualMachine in kubevirt.io/v1',
    );

    await define(loose('kubevirt.io', 'v1', 'VirtualMachine'), loose('kubevirt.io', 'v1', 'VirtualMachineInstance'));
    await clock.sleep(5 * 60_000);

    expect(await ask('GET', `${paths.vm}/press-vm`)).toBeDefined();
  });

  it('comes back to a Wukong whose machine could not be made, later and later', async () => {
    await defineAll();
    const tried: number[] = [];
    server.intercept = (request) => {
      if (request.method !== 'PATCH' || !request.path.endsWith('/press-vm')) return undefined;
      tried.push(clock.elapsed());
      return { status: 409, body: { kind: 'Status', code: 409, reason: 'Conflict', message: 'please try again' } };
    };
    void start();
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(2 * 60_000);

    const pauses = tried.slice(1).map((at, index) => Math.round((at - (tried[index] ?? 0)) / 1000));
    expect(pauses.slice(-4)).toEqual([4, 8, 16, 32]);
    expect(logged.at(-1)).toEqual({
      message: 'reconcile failed',
      controller: 'wukong',
      key: 'default/press',
      error: 'VirtualMachine press-vm: please try again',
    });
  });

  it('writes nothing any more once the lead is lost, and ends', async () => {
    await defineAll();
    const wire = { isCut: false };
    const silent = (request: Request) =>
      new Promise<never>((_, reject) => {
        if (request.signal?.aborted === true) reject(request.signal.reason);
        request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
      });
    const transport: Transport = {
      request: (request) =>
        wire.isCut && request.path.includes('/leases') ? silent(request) : server.request(request),
      watch: (...about) => server.watch(...about),
    };
    const end = start('one', transport).then(
      () => 'ended',
      (error: Error) => error.message,
    );
    await clock.sleep(5000);
    wire.isCut = true;
    await clock.sleep(12_000);
    const since = server.log.length;
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(60_000);

    expect(await end).toBe('the lead was lost to another replica, or could not be renewed in time');
    expect(writes(since)).toEqual(['POST wukongs 201']);
  });

  it('finishes what it is at when it is told to stop, and only then gives the lead away', async () => {
    await defineAll();
    const slow: Transport = {
      async request(request) {
        if (request.method === 'PATCH') await clock.sleep(5000);
        return server.request(request);
      },
      watch: (...about) => server.watch(...about),
    };
    const end = start('one', slow);
    await clock.sleep(5000);
    await ask('POST', paths.wukong, wukong());
    await clock.sleep(2000);
    const since = server.log.length;

    stop.abort();
    await end;

    const done = server.log.slice(since).filter(({ method }) => method !== 'GET');
    expect(done.map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`)).toEqual([
      'PATCH persistentvolumeclaims/press-data',
      'PUT leases/wukong-operator',
      'PATCH press/status',
      'PUT leases/wukong-operator',
    ]);
  });

  it('says once, not every two seconds, what keeps it from the API server', async () => {
    server.drop();
    void start();
    await clock.sleep(60 * 60_000);

    const told = logged.filter((one) => one.message === 'the API server could not be asked');
    expect(told.map((one) => String(one['about'])).toSorted()).toEqual([
      'DataVolume',
      'PersistentVolumeClaim',
      'VirtualMachine',
      'VirtualMachineInstance',
      'Wukong',
      'lease',
    ]);
    expect(new Set(told.map((one) => one['error'])).size).toBe(1);
  });

  it('asks for no secret, and has none in its log', async () => {
    await defineAll();
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'first-boot' },
      stringData: { userdata: 'hunter2' },
    };
    await ask('POST', '/api/v1/namespaces/default/secrets', secret);
    server.failNext((request) => request.path.endsWith('/press-vm') && request.method === 'PATCH', {
      status: 500,
      body: { kind: 'Status', code: 500, message: 'failed calling webhook "x"' },
    });
    const since = server.log.length;
    void start();
    await ask('POST', paths.wukong, wukong({ cloudInit: { userDataSecretRef: { name: 'first-boot' } } }));
    await clock.sleep(60_000);

    expect(server.log.slice(since).filter(({ path }) => path.includes('/secrets'))).toEqual([]);
    expect(logged.some((one) => one.message === 'reconcile failed')).toBe(true);
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });
});
