import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { OperatorStage, paths, wukong } from './stage.ts';

let stage: OperatorStage;
beforeEach(() => {
  stage = new OperatorStage();
});
afterEach(() => stage.stop.abort());

describe('what others change', () => {
  it('B25: takes no notice of what KubeVirt adds, and never takes it away', async () => {
    await stage.ready();
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
    const since = stage.server.log.length;
    await stage.patch(`${paths.vm}/press-vm`, filled);
    await stage.clock.sleep(60_000);
    expect(stage.writes(since)).toEqual(['PATCH virtualmachines/press-vm 200']);

    await stage.patch(`${paths.wukong}/press`, { spec: { cpu: 4 } });
    await stage.clock.sleep(60_000);

    const { template } = (await stage.get(`${paths.vm}/press-vm`)).spec;
    expect(template.spec.domain).toMatchObject({
      cpu: { sockets: 4 },
      firmware: { uuid: 'u-1' },
      machine: { type: 'q35' },
    });
    expect(template.metadata.annotations).toEqual({ 'kubevirt.io/pci-topology-version': 'v3' });
  });

  it('does not fight over a size that the API server says in other words', async () => {
    await stage.ready();
    // A real API server stores quantities of claims in their shortest form.
    await stage.patch(`${paths.claim}/press-data`, { spec: { resources: { requests: { storage: '1Gi' } } } });
    await stage.patch(`${paths.vm}/press-vm`, {
      spec: { template: { spec: { domain: { memory: { guest: '1Gi' } } } } },
    });
    await stage.clock.sleep(10_000);
    const since = stage.server.log.length;

    await stage.clock.sleep(10 * 60_000);

    expect(stage.writes(since)).toEqual([]);
  });

  it.for<[string, Json]>([
    ['another run strategy', { spec: { runStrategy: 'Halted' } }],
    ['another number of processors', { spec: { template: { spec: { domain: { cpu: { sockets: 9 } } } } } }],
    ['a disk more', { spec: { template: { spec: { volumes: [{ name: 'x', emptyDisk: { capacity: '1Gi' } }] } } } }],
    ['no labels', { metadata: { labels: null } }],
  ])('mends a machine to which somebody gave %s, and says so', async ([, edit]) => {
    await stage.ready();
    const before = await stage.get(`${paths.vm}/press-vm`);

    await stage.patch(`${paths.vm}/press-vm`, edit);
    await stage.clock.sleep(10_000);

    const after = await stage.get(`${paths.vm}/press-vm`);
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.labels).toEqual(before.metadata.labels);
    expect(await stage.events()).toContain(
      'Warning DriftCorrected: VirtualMachine press-vm had been changed by somebody, and is as the Wukong says again',
    );
  });

  it('leaves fields that somebody has applied himself, and names them and him', async () => {
    await stage.ready();
    const applied = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'press-vm' },
      spec: { runStrategy: 'Manual' },
    };
    const query = { fieldManager: 'argocd', force: 'true' };
    const contentType = 'application/apply-patch+yaml';
    const path = `${paths.vm}/press-vm`;
    await stage.server.request({ method: 'PATCH', path, body: applied, query, contentType });
    await stage.clock.sleep(10_000);

    expect((await stage.get(path)).spec.runStrategy).toBe('Manual');
    expect(await stage.condition('VMSynced')).toBe(
      'False FieldConflict: VirtualMachine press-vm: fields that the Wukong decides have been applied by others: .spec.runStrategy by argocd; take them out of what is applied there',
    );
    const since = stage.server.log.length;
    await stage.clock.sleep(30_000);
    expect(stage.writes(since)).toEqual([]);
  });

  it('calls a machine without its owner nobody’s, and leaves it alone', async () => {
    await stage.ready();

    await stage.patch(`${paths.vm}/press-vm`, { metadata: { ownerReferences: [] } });
    await stage.clock.sleep(10_000);

    expect(await stage.condition('VMSynced')).toBe(
      'False NameConflict: VirtualMachine press-vm is there already and belongs to something else: rename it, or the Wukong',
    );
  });

  it('B5: makes a machine anew that somebody deleted, within a second', async () => {
    await stage.ready();
    const { uid } = (await stage.get(`${paths.vm}/press-vm`)).metadata;

    await stage.ask('DELETE', `${paths.vm}/press-vm`);
    await stage.clock.sleep(1000);

    expect((await stage.get(`${paths.vm}/press-vm`)).metadata.uid).not.toBe(uid);
  });

  it('never overwrites what is not its own, says so, and goes on once it is gone', async () => {
    await stage.defineAll();
    const mine = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'press-vm' },
      spec: { mine: true },
    };
    await stage.ask('POST', paths.vm, mine);
    await stage.patch(`${paths.vm}/press-vm/status`, { status: { printableStatus: 'Running' } });
    void stage.start();
    await stage.clock.sleep(5000);
    await stage.ask('POST', paths.wukong, wukong());
    await stage.clock.sleep(2000);
    await stage.bind('press-data');
    await stage.clock.sleep(10 * 60_000);

    expect((await stage.get(`${paths.vm}/press-vm`)).spec).toEqual({ mine: true });
    const conflict = 'VirtualMachine press-vm is there already and belongs to something else: rename it, or the Wukong';
    expect(await stage.condition('VMSynced')).toBe(`False NameConflict: ${conflict}`);
    expect(await stage.condition('Ready')).toBe(`False Pending: ${conflict}`);
    expect((await stage.status()).vmStatus).toBeUndefined();

    await stage.ask('DELETE', `${paths.vm}/press-vm`);
    await stage.clock.sleep(61_000);
    expect(await stage.condition('VMSynced')).toBe('True Applied: everything that is wanted has been applied');
  });
});
