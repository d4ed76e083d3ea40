import { describe, expect, it } from 'vitest';
import { type RunResult, run } from '#engine/run';
import type { Bundle } from '#ports/bundle';
import type { Cluster } from '#ports/cluster';
import type { Entry } from '#ports/journal';
import type { World } from '#ports/world';
import { pretendedImages } from '#simulation/bundle/rehearsed-images';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import { PowerCut, RehearsalFuse } from '#simulation/power';
import { VirtualClock } from '#simulation/virtual-clock';
import { preflight } from '../preflight/preflight.ts';
import { exampleProfiles, exampleSite } from '../verbs/site-on-paper.ts';
import { consentsOf } from './data-disk/data-disk-finding.ts';
import { host } from './host.ts';

const debs = ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager', 'chrony']
  .map((name) => `Package: ${name}\nVersion: 1.0\nArchitecture: amd64\n`)
  .join('\n');

async function bed(name: (typeof exampleProfiles)[number]) {
  const site = await exampleSite(name);
  const clock = new VirtualClock();
  const fuse = new RehearsalFuse();
  const sourceOf = (source: string) => ({
    sha256: source,
    size: 1,
    ...(source.endsWith('Packages') ? { text: debs } : {}),
  });
  const machine = machineFrom(defaultInventory(site.node, site.profile), { clock, fuse, sourceOf });
  fuse.onBlow = () => machine.powerCut();
  const box = new SimulatedHost(machine);
  const file = async (path: string) => ({ path, source: `/bundle/${path}`, sha256: path, size: 1 });
  const bundle: Bundle = {
    place: '/bundle',
    text: async () => '',
    verify: async () => [],
    file,
    signature: async () => ({ kind: 'trusted', keyId: 'TESTED', comment: '' }),
    images: async () => pretendedImages(site.catalog, 'amd64'),
  };
  const cluster = {
    observe: () => ({ sight: cluster, changed: () => new Promise(() => {}), close() {} }),
  } as unknown as Cluster;
  const world: World = { host: () => box, cluster, bundle, clock };
  const units = [preflight(site), host(site)].map((phase) => ({ phase, host: site.node.name }));
  const open = new Set<string>();
  const seen: Entry[] = [];
  const show = (entry: Entry) => {
    seen.push(entry);
    if (entry.event === 'intent') open.add(entry.target);
    if (entry.event === 'applied' && entry.step === 'host/data-disk-filesystem') open.clear();
  };
  const go = async (): Promise<RunResult> => {
    const asked = { intended: (one: string) => open.has(one), agreed: () => false };
    const sight = { host: box, cluster, bundle, now: () => clock.now(), ...asked };
    const head = { event: 'run-began' } as never;
    const consents = new Set(await consentsOf(site.node, sight));
    const view = { show, close: async () => {} };
    const { signal } = new AbortController();
    const options = { mode: 'apply', head, concurrency: 1, consents, intents: new Set(open), view, signal } as const;
    return run(units, world, { ...options, journal: { append: () => {} } });
  };
  return { go, machine, fuse, seen };
}

/** What lasts on the machine, without what counts boots and without half files that a cut write leaves. */
function lasting(machine: Awaited<ReturnType<typeof bed>>['machine']): readonly string[] {
  const walk = (path: string): readonly string[] =>
    machine.files.list(path === '' ? '/' : path).flatMap((name) => {
      const inside = `${path}/${name}`;
      return machine.files.look(inside)?.kind === 'directory' ? walk(inside) : [inside];
    });
  const passing = /^\/(proc|sys|dev|run|tmp)\/|fsync\.json|changed-in-boot|\.novasphere-new$/;
  const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  return walk('')
    .filter((path) => !passing.test(path))
    .map((path) =>
      `${path} ${machine.files.look(path)?.mode} ${machine.files.read(path) ?? ''}`.replaceAll(uuid, 'UUID'),
    );
}

describe.each(exampleProfiles)('the host of %s', (name) => {
  it('is ready after one restart, and a further run writes nothing', async () => {
    const { go, machine } = await bed(name);

    const first = await go();
    await machine.boot();
    const second = await go();
    const acts = machine.log.length;
    const third = await go();

    expect([first.outcome, second.outcome, third.outcome]).toEqual(['rebooting', 'done', 'done']);
    expect(third.changed).toBe(0);
    expect(machine.log.slice(acts)).toEqual([]);
  });
});

describe('a power cut while the host is prepared', () => {
  it.each(['before', 'torn', 'after'] as const)('%s a write leads to the same machine', async (moment) => {
    const whole = await bed('single-node');
    await whole.go();
    await whole.machine.boot();
    await whole.go();

    for (let at = 2; at <= whole.fuse.count; at += 9) {
      const { go, machine, fuse } = await bed('single-node');
      fuse.arm(({ count }) => (count === at ? moment : undefined));
      for (let outcome = ''; outcome !== 'done'; ) {
        outcome = await go().then(
          (result) => result.outcome,
          (error: unknown) => {
            if (error instanceof PowerCut) fuse.mend();
            else throw error;
            return 'cut';
          },
        );
        expect(['cut', 'rebooting', 'done']).toContain(outcome);
        if (outcome !== 'done') await machine.boot();
      }
      expect(lasting(machine)).toEqual(lasting(whole.machine));
    }
  });
});

describe('what the host cannot have', () => {
  it('says how many hugepages were had, and takes them all after the restart', async () => {
    const { go, machine } = await bed('edge-hugepages');
    machine.troubles.memoryFragmented = true;

    const failed = await go();
    machine.troubles.memoryFragmented = false;
    const again = await go();

    expect(failed.faults[0]?.code).toBe('HOST-HUGEPAGES');
    expect(failed.faults[0]?.message).toMatch(/^only \d+ of 1024 hugepages of 2 MiB could be had$/);
    expect(again.outcome).toBe('rebooting');
  });

  it('does not restart in circles when a setting never comes into effect', async () => {
    const { go, machine, seen } = await bed('edge-hugepages');
    await go();
    await machine.boot();
    machine.cmdline = machine.cmdline.replace(' iommu=pt', '');

    const second = await go();
    const fault = seen.findLast((entry) => entry.event === 'failed')?.fault;

    expect(second.outcome).toBe('failed');
    expect(fault).toMatchObject({
      code: 'STEP-UNSETTLED',
      message: 'the machine was restarted, and a setting is still not in effect',
      evidence: ['kernel argument iommu=pt: absent → in effect'],
    });
  });
});
