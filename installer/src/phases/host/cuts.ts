import { run } from '#engine/run';
import { Secret } from '#profile/secret';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import { PowerCut, RehearsalFuse } from '#simulation/power';
import { VirtualClock } from '#simulation/virtual-clock';
import { k3s } from '../k3s/k3s.ts';
import { preflight } from '../preflight/preflight.ts';
import { exampleSite } from '../verbs/site-on-paper.ts';
import { consentsOf } from './data-disk/data-disk-finding.ts';
import { host } from './host.ts';

const name = (process.argv[2] ?? 'single-node') as any;
const site = { ...(await exampleSite(name)), reveal: () => new Secret('s3cret') };
const units = [preflight(site), host(site), { ...k3s(site), steps: k3s(site).steps.slice(0, 11) }].map((phase) => ({
  phase,
  host: site.node.name,
}));
const debs = ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager', 'chrony']
  .map((p) => `Package: ${p}\nVersion: 1.0\nArchitecture: amd64\n`)
  .join('\n');

async function play(rule: any): Promise<{ state: string; count: number; cuts: string[]; log: string[] }> {
  const clock = new VirtualClock();
  const fuse = new RehearsalFuse();
  const machine = machineFrom(defaultInventory(site.node, site.profile), {
    clock,
    fuse,
    sourceOf: (s: string) => ({
      sha256: `sha ${s}`,
      size: 1000,
      ...(s.endsWith('debs/Packages') ? { text: debs } : {}),
    }),
  } as any);
  fuse.onBlow = () => machine.powerCut();
  fuse.arm(rule);
  const box = new SimulatedHost(machine);
  const bundle = {
    place: '/bundle',
    text: async () => '',
    verify: async () => [],
    file: async (path: string) => ({ path, source: `/bundle/${path}`, sha256: `sha /bundle/${path}`, size: 1000 }),
  };
  const cluster: any = { observe: () => ({ sight: cluster, changed: () => new Promise(() => {}), close() {} }) };
  const world = { host: () => box, cluster, bundle, clock };
  const cuts: string[] = [];
  const open = new Set<string>();
  const log: string[] = [];
  for (let time = 0; time < 6; time++) {
    const sight: any = { host: box, cluster, bundle, now: () => clock.now(), intended: (t: string) => open.has(t) };
    try {
      const consents = new Set(await consentsOf(site.node, sight));
      const intents = new Set(open);
      const result = await run(units, world as any, {
        mode: 'apply',
        head: { event: 'run-began' } as any,
        concurrency: 1,
        consents,
        intents,
        journal: { append() {} },
        view: {
          show(e: any) {
            if (e.event === 'intent') open.add(e.target);
            if (e.event === 'applied' && e.step === 'host/data-disk-filesystem') open.clear();
            if (e.event === 'failed') log.push(JSON.stringify(e.fault));
          },
          async close() {},
        } as any,
        signal: new AbortController().signal,
      });
      log.push(result.outcome);
      if (result.outcome === 'done') break;
      if (result.outcome === 'rebooting') await machine.boot();
      else break;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      cuts.push(error.message);
      fuse.mend();
      await machine.boot();
    }
  }
  const paths = (dir: string): string[] =>
    machine.files.list(dir).flatMap((n: string) => {
      const p = `${dir === '/' ? '' : dir}/${n}`;
      return machine.files.look(p)?.kind === 'directory' ? paths(p) : [p];
    });
  const skip = /^\/(proc|sys|dev|run|tmp)\/|fsync.json|changed-in-boot|images-importing|boot_id/;
  const files = paths('/')
    .filter((p) => !skip.test(p))
    .map((p) =>
      `${p} ${machine.files.look(p)?.mode} ${machine.files.read(p) ?? ''}`.replaceAll(
        /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
        'UUID',
      ),
    );
  const state = [
    ...files,
    ...[...machine.units]
      .filter(([k]: any) => !k.startsWith('novasphere-'))
      .map(([k, u]: any) => `${k} ${u.enablement} ${u.active}`)
      .sort(),
    ...[...machine.packages].map(([k, u]: any) => `${k} ${u.status}`).sort(),
  ].join('\n');
  return { state, count: fuse.count, cuts, log };
}
const base = await play(undefined);
console.log('base', base.log, base.count);
let bad = 0;
for (let k = 1; k <= base.count; k++)
  for (const moment of ['before', 'torn', 'after'] as const) {
    const one = await play(({ count }: any) => (count === k ? moment : undefined)).catch((error) => ({
      state: '',
      log: [String(error.stack)],
      cuts: [String(k) + moment],
    }));
    if (one.log.at(-1) !== 'done' || one.state !== base.state) {
      bad++;
      const a = base.state.split('\n'),
        b = one.state.split('\n');
      console.log(
        k,
        moment,
        one.cuts,
        one.log.map((l) => l.slice(0, 600)),
        'missing',
        a.filter((l) => !b.includes(l)).slice(0, 5),
        'extra',
        b.filter((l) => !a.includes(l)).slice(0, 5),
      );
    }
  }
console.log('bad', bad);
