import { Fault } from '#engine/fault';
import { run } from '#engine/run';
import { Rebooting } from '#ports/host';
import { Secret } from '#profile/secret';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import { VirtualClock } from '#simulation/virtual-clock';
import { k3s } from '../k3s/k3s.ts';
import { preflight } from '../preflight/preflight.ts';
import { exampleProfiles, exampleSite } from '../verbs/site-on-paper.ts';
import { consentsOf } from './data-disk/data-disk-finding.ts';
import { host } from './host.ts';

for (const name of (process.argv[2] ? [process.argv[2]] : exampleProfiles) as any) {
  const site = { ...(await exampleSite(name)), reveal: () => new Secret('s3cret') };
  const clock = new VirtualClock();
  const machine = machineFrom(defaultInventory(site.node, site.profile), {
    clock,
    sourceOf: (s: string) => ({
      sha256: `sha ${s}`,
      size: 1000,
      ...(s.endsWith('debs/Packages')
        ? {
            text: ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager', 'chrony']
              .map((p) => `Package: ${p}\nVersion: 1.0\nArchitecture: amd64\n`)
              .join('\n'),
          }
        : {}),
    }),
  } as any);
  const box = new SimulatedHost(machine);
  const bundle = {
    place: '/bundle',
    text: async () => '',
    verify: async () => [],
    file: async (path: string) => ({ path, source: `/bundle/${path}`, sha256: `sha /bundle/${path}`, size: 1000 }),
  };
  const cluster: any = { observe: () => ({ sight: cluster, changed: () => new Promise(() => {}), close() {} }) };
  const world = { host: () => box, cluster, bundle, clock };
  const units = [preflight(site), host(site), { ...k3s(site), steps: k3s(site).steps.slice(0, 11) }].map((phase) => ({
    phase,
    host: site.node.name,
  }));
  for (let time = 0; time < 3; time++) {
    const sight = { host: box, cluster: {} as any, bundle, now: () => clock.now(), intended: () => false };
    const consents = new Set(await consentsOf(site.node, sight));
    console.log(name, 'run', time, [...consents]);
    const before = machine.log.length;
    const t0 = performance.now();
    const result = await run(units, world as any, {
      mode: 'apply',
      head: { event: 'run-began' } as any,
      concurrency: 1,
      consents,
      intents: new Set(),
      journal: { append() {} },
      view: {
        show(e: any) {
          if (e.event === 'found' && e.state !== 'x')
            console.log('  ', e.step, e.state, JSON.stringify(e.changes), e.notes ?? '');
          if (e.event === 'failed') console.log('  FAILED', JSON.stringify(e.fault, null, 1));
          if (e.event === 'waiting') console.log('   wait', e.because);
        },
        async close() {},
      } as any,
      signal: new AbortController().signal,
    });
    console.log(
      name,
      result.outcome,
      result.changed,
      'writes',
      machine.log.length - before,
      Math.round(performance.now() - t0),
      'ms',
    );
    if (result.outcome === 'rebooting') await machine.boot();
  }
}
