import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { installedIn } from '#phases/upgrade/installed';
import { upgradePhases } from '#phases/upgrade-phases';
import { olderRelease, olderVersions } from '../fixtures/older-release.ts';
import { hasUpstream, release } from '../fixtures/rehearsed.ts';
import { BedStage, type Played } from '../testbed/stage.ts';

// From the release before this one to this one, on a real API server with real controllers.

const before = olderRelease(release);
const limit = 400_000;
let stage: BedStage;

beforeAll(async () => {
  stage = await BedStage.open({ catalog: before.catalog, rewrite: before.rewrite });
});
afterAll(() => stage.close());

const faultsOf = (played: Played) => played.faults.map((fault) => fault.record());
const upgrade = (more: Parameters<BedStage['play']>[0] = {}) =>
  stage.play({ catalog: release, phases: upgradePhases('last'), circumstances: { upgrading: true }, limit, ...more });

async function ask(method: 'GET' | 'POST', path: string, body?: Json): Promise<Json> {
  const answer = await stage.site.plane
    .transport('admin')
    .request({ method, path, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function guest(): Promise<Json> {
  const instance = await ask('GET', '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/guest');
  const query = '/api/v1/namespaces/default/pods';
  const pods: readonly Json[] = (await ask('GET', query)).items;
  return {
    phase: instance.status?.phase,
    uid: instance.metadata.uid,
    launchers: pods.map(({ metadata }) => metadata.uid),
  };
}

describe.skipIf(!hasUpstream)('an upgrade on a real API server', () => {
  it(
    'begins on the release before',
    async () => {
      const played = await stage.play({ limit });

      expect(faultsOf(played)).toEqual([]);
      expect((await installedIn(stage.world.cluster)).versions).toEqual(olderVersions);
    },
    limit,
  );

  it(
    'is refused to a plain apply, which sends no write',
    async () => {
      stage.world = { ...stage.world, bundle: stage.site.release(release) };
      const sent = (await stage.site.plane.audit()).length;

      const played = await stage.play({ catalog: release, limit });

      expect(played).toMatchObject({ outcome: 'refused', exitCode: 6, faults: [{ code: 'UPGRADE-NEEDED' }] });
      const own = (await stage.site.plane.audit()).slice(sent).filter(({ user }) => user === 'novasphere-installer');
      expect(own.filter(({ mutating }) => mutating)).toEqual([]);
    },
    limit,
  );

  it(
    'arrives after it was stopped in the middle, and leaves a machine that runs as it is',
    async () => {
      await ask('POST', '/apis/kubevirt.io/v1/namespaces/default/virtualmachines', machine);
      await expect.poll(async () => (await guest().catch(() => undefined))?.phase, { timeout: 60_000 }).toBe('Running');
      const running = await guest();

      const stopped = await upgrade({ interruptedAt: /^CDI to be deployed$/ });
      const played = await upgrade();

      expect(stopped).toMatchObject({ outcome: 'interrupted' });
      expect(faultsOf(played)).toEqual([]);
      expect((await installedIn(stage.world.cluster)).versions).toMatchObject({
        longhorn: 'v1.12.1',
        kubevirt: 'v1.8.4',
        cdi: 'v1.65.0',
      });
      expect(await guest()).toEqual(running);
    },
    limit,
  );

  it(
    'leaves nothing to do for the next run',
    async () => {
      const sent = (await stage.site.plane.audit()).length;

      const played = await upgrade();

      expect(played).toMatchObject({ outcome: 'done', changed: 0 });
      const own = (await stage.site.plane.audit()).slice(sent).filter(({ user }) => user === 'novasphere-installer');
      expect(own.filter(({ mutating }) => mutating)).toEqual([]);
    },
    limit,
  );
});

const machine: Json = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'guest', namespace: 'default' },
  spec: {
    runStrategy: 'Always',
    template: {
      spec: {
        domain: { devices: { disks: [{ name: 'boot', disk: { bus: 'virtio' } }] }, memory: { guest: '128Mi' } },
        volumes: [{ name: 'boot', emptyDisk: { capacity: '64Mi' } }],
      },
    },
  },
};
