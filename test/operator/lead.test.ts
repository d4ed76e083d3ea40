import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Request, Transport } from '#kube/transport';
import { OperatorStage, paths, wukong } from './stage.ts';

let stage: OperatorStage;
beforeEach(() => {
  stage = new OperatorStage();
});
afterEach(() => stage.stop.abort());

describe('an operator and the API server', () => {
  it('tells of a machine that KubeVirt refuses, and does not ask again until something changes', async () => {
    await stage.defineAll();
    let refusals = 0;
    stage.server.intercept = (request) => {
      if (request.method !== 'PATCH' || !request.path.endsWith('/press-vm')) return undefined;
      refusals++;
      const message = 'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: spec.x is wrong';
      return { status: 422, body: { kind: 'Status', code: 422, reason: 'Invalid', message } };
    };
    void stage.start();
    await stage.ask('POST', paths.wukong, wukong());
    await stage.clock.sleep(2000);
    await stage.bind('press-data');
    await stage.clock.sleep(60 * 60_000);

    expect(await stage.status()).toMatchObject({ phase: 'Error' });
    expect(await stage.condition('SpecValid')).toBe(
      'False InvalidSpec: VirtualMachine press-vm: admission webhook "virtualmachine-validator.kubevirt.io" denied the request: spec.x is wrong',
    );
    expect(refusals).toBeLessThan(5);
  });

  it('B4: comes back to a Wukong whose machine could not be made, later and later', async () => {
    await stage.defineAll();
    const tried: number[] = [];
    stage.server.intercept = (request) => {
      if (request.method !== 'PATCH' || !request.path.endsWith('/press-vm')) return undefined;
      tried.push(stage.clock.elapsed());
      return { status: 500, body: { kind: 'Status', code: 500, reason: 'InternalError', message: 'please try again' } };
    };
    void stage.start();
    await stage.ask('POST', paths.wukong, wukong());
    await stage.clock.sleep(2000);
    await stage.bind('press-data');
    await stage.clock.sleep(2 * 60_000);

    const pauses = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
    for (const [index, pause] of pauses.slice(-3).entries())
      expect(pause).toBeGreaterThan((pauses.at(-4 + index) ?? 0) * 1.5);
    expect(stage.logged.findLast(({ message }) => message === 'reconcile failed')).toMatchObject({
      level: 'error',
      controller: 'wukong',
      key: 'default/press',
      error: new Error('VirtualMachine press-vm: please try again'),
    });
  });

  it('writes nothing any more once the lead is lost, and ends', async () => {
    await stage.defineAll();
    const wire = { isCut: false };
    const silent = (request: Request) =>
      new Promise<never>((_, reject) => {
        if (request.signal?.aborted === true) reject(request.signal.reason);
        request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
      });
    const transport: Transport = {
      request: (request) =>
        wire.isCut && request.path.includes('/leases') ? silent(request) : stage.server.request(request),
      watch: (...about) => stage.server.watch(...about),
    };
    const end = stage.start('one', { transport }).then(
      () => 'ended',
      (error: Error) => error.message,
    );
    await stage.clock.sleep(5000);
    wire.isCut = true;
    await stage.clock.sleep(12_000);
    const since = stage.server.log.length;
    await stage.ask('POST', paths.wukong, wukong());
    await stage.clock.sleep(60_000);

    expect(await end).toBe('the lead was lost to another replica, or could not be renewed in time');
    expect(stage.writes(since)).toEqual(['POST wukongs 201']);
  });

  it('finishes what it is at when it is told to stop, and only then gives the lead away', async () => {
    await stage.defineAll();
    const slow: Transport = {
      async request(request) {
        if (request.path.includes('/press')) await stage.clock.sleep(5000);
        return stage.server.request(request);
      },
      watch: (...about) => stage.server.watch(...about),
    };
    const end = stage.start('one', { transport: slow });
    await stage.clock.sleep(5000);
    await stage.ask('POST', paths.wukong, wukong());
    await stage.clock.sleep(2000);
    const since = stage.server.log.length;

    stage.stop.abort();
    await end;

    const done = stage.server.log
      .slice(since)
      .filter(({ method, path }) => method !== 'GET' && !path.includes('/events'));
    const told = done.map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`);
    expect(told.filter((one) => !one.includes('leases'))).toEqual([
      'PATCH wukongs/press',
      'POST default/persistentvolumeclaims',
    ]);
    expect(told.at(-1)).toBe('PUT leases/wukong-operator');
  });

  it('says once, not every two seconds, what keeps it from the API server', async () => {
    stage.server.drop();
    void stage.start();
    await stage.clock.sleep(60 * 60_000);

    const told = stage.logged.filter((one) => one.message === 'the API server could not be asked');
    const about = told.map((one) => String(one['about']));
    expect(about).toContain('Wukong');
    expect(about).toContain('lease');
    expect(about).toHaveLength(new Set(about).size);
    expect(new Set(told.map((one) => one['error'])).size).toBe(1);
  });
});
