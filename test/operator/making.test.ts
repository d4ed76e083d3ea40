import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wukongCrd } from '#operator/api/wukong-crd';
import { dataVolumes, kubevirtKinds, OperatorStage, paths, wukong } from './stage.ts';

let stage: OperatorStage;
beforeEach(() => {
  stage = new OperatorStage();
});
afterEach(() => stage.stop.abort());

describe('the operator', () => {
  it('makes the disk and then the machine of a Wukong, and says how it stands', async () => {
    await stage.ready();

    const done = stage.writes();
    expect(done.slice(done.indexOf('POST wukongs 201') + 1)).toEqual([
      'PATCH wukongs/press 200',
      'POST persistentvolumeclaims 201',
      'PATCH wukongs/press/status 200',
      // As the provisioner does.
      'PATCH persistentvolumeclaims/press-data/status 200',
      'PATCH virtualmachines/press-vm 201',
      'PATCH wukongs/press/status 200',
    ]);
    expect(await stage.status()).toMatchObject({ phase: 'Creating', vmName: 'press-vm', observedGeneration: 1 });
    expect(await stage.condition('VMSynced')).toBe('True Applied: everything that is wanted has been applied');
  });

  it('B1: writes nothing however often it looks again', async () => {
    await stage.ready();
    const since = stage.server.log.length;

    for (let count = 0; count < 50; count++) {
      await stage.patch(`${paths.wukong}/press`, { metadata: { annotations: { 'example.com/note': String(count) } } });
      stage.server.dropWatches();
      await stage.clock.sleep(2000);
    }

    expect(stage.writes(since).filter((one) => one !== 'PATCH wukongs/press 200')).toEqual([]);
  });

  it.for<[phase: string, power: string, says: string]>([
    ['Stopped', 'Off', 'Stopped'],
    ['Error', 'On', 'CrashLoopBackOff'],
  ])('B1: calls a machine %s and nothing else however often it looks again', async ([phase, power, says]) => {
    await stage.ready({ power });
    await stage.patch(`${paths.vm}/press-vm/status`, { status: { printableStatus: says } });
    await stage.clock.sleep(2000);
    const before = await stage.status();
    const since = stage.server.log.length;

    for (let count = 0; count < 10; count++) {
      await stage.patch(`${paths.wukong}/press`, { metadata: { annotations: { 'example.com/note': String(count) } } });
      await stage.clock.sleep(2000);
    }

    expect(before.phase).toBe(phase);
    expect(await stage.status()).toEqual(before);
    expect(stage.writes(since).filter((one) => one !== 'PATCH wukongs/press 200')).toEqual([]);
  });

  it('writes nothing after a restart either', async () => {
    await stage.ready();
    stage.stop.abort();
    await stage.clock.sleep(5000);
    const since = stage.server.log.length;

    stage.stop = new AbortController();
    void stage.start('two');
    await stage.clock.sleep(60_000);

    expect(stage.logged.filter((one) => one.message === 'leading')).toHaveLength(2);
    expect(stage.writes(since)).toEqual([]);
  });

  it('asks nothing while nothing happens but for its lease and the ends of watches', async () => {
    await stage.ready();
    await stage.clock.sleep(60_000);
    const since = stage.server.log.length;
    await stage.clock.sleep(5 * 60_000);

    const asked = stage.server.log.slice(since).filter(({ path }) => !path.includes('/leases'));
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('halts the machine at power Off and lets it run again at On', async () => {
    await stage.ready();

    await stage.patch(`${paths.wukong}/press`, { spec: { power: 'Off' } });
    await stage.clock.sleep(2000);
    await stage.patch(`${paths.vm}/press-vm/status`, { status: { printableStatus: 'Stopped' } });
    await stage.clock.sleep(2000);
    expect((await stage.get(`${paths.vm}/press-vm`)).spec.runStrategy).toBe('Halted');
    expect(await stage.status()).toMatchObject({ phase: 'Stopped', observedGeneration: 2 });

    await stage.patch(`${paths.wukong}/press`, { spec: { power: 'On' } });
    await stage.clock.sleep(2000);
    expect((await stage.get(`${paths.vm}/press-vm`)).spec.runStrategy).toBe('Always');
  });

  it('turns a machine off whatever else is wrong with its Wukong', async () => {
    await stage.ready();

    await stage.patch(`${paths.wukong}/press`, {
      spec: { power: 'Off', networks: [{ name: 'lan', nadName: 'nowhere' }] },
    });
    await stage.clock.sleep(2000);

    expect((await stage.get(`${paths.vm}/press-vm`)).spec.runStrategy).toBe('Halted');
    expect(await stage.condition('NetworksConfigured')).toMatch(/^False NADNotFound: /);
  });

  it('takes away from the machine what the Wukong no longer says', async () => {
    await stage.ready({ highAvailability: { nodeSelector: { zone: 'a' } } });
    expect((await stage.get(`${paths.vm}/press-vm`)).spec.template.spec.nodeSelector).toEqual({ zone: 'a' });

    await stage.patch(`${paths.wukong}/press`, { spec: { highAvailability: null } });
    await stage.clock.sleep(2000);

    expect((await stage.get(`${paths.vm}/press-vm`)).spec.template.spec.nodeSelector).toBeUndefined();
  });

  it('waits for KubeVirt where it is not installed yet, says so, and goes on when it is', async () => {
    await stage.define(wukongCrd());
    void stage.start();
    await stage.ask(
      'POST',
      paths.wukong,
      wukong({ disks: [{ name: 'data', source: { existingClaim: { name: 'old' } } }] }),
    );
    await stage.ask('POST', paths.claim, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'old' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await stage.bind('old');
    await stage.clock.sleep(60_000);
    expect(await stage.condition('Ready')).toBe(
      'False MissingDependency: VirtualMachine press-vm: the API server does not serve VirtualMachine in kubevirt.io/v1',
    );

    await stage.define(...kubevirtKinds, dataVolumes);
    await stage.clock.sleep(60_000);

    expect(await stage.get(`${paths.vm}/press-vm`)).toBeDefined();
  });

  it('B14: keeps what a Secret holds out of its log, its events and every object but the Secret', async () => {
    await stage.defineAll();
    stage.server.failNext(({ path, method }) => path.endsWith('/press-vm') && method === 'PATCH', {
      status: 500,
      body: { kind: 'Status', code: 500, message: 'failed calling webhook "x"' },
    });
    void stage.start();
    const user = { name: 'ada', password: 'hunter2' };
    await stage.ask('POST', paths.wukong, wukong({ cloudInitUser: user }));
    await stage.clock.sleep(2000);
    await stage.bind('press-data');
    await stage.clock.sleep(60_000);

    expect(stage.logged.some((one) => one.message === 'reconcile failed')).toBe(true);
    expect(JSON.stringify(stage.logged)).not.toContain('hunter2');
    expect(JSON.stringify(await stage.events())).not.toContain('hunter2');
    const { status } = await stage.get(`${paths.wukong}/press`);
    const machine = await stage.get(`${paths.vm}/press-vm`);
    expect(JSON.stringify([status, machine])).not.toContain('hunter2');
    const { data } = await stage.get(`${paths.secret}/press-cloudinit`);
    expect(Buffer.from(data.userdata, 'base64').toString()).toMatch(/passwd: "\$6\$/);
  });
});
