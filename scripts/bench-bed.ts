import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import { componentNames } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import { bundleDirectory } from '../test/fixtures/bundle-directory.ts';
import { ControlPlane } from '../test/testbed/control-plane.ts';
import { BedStage } from '../test/testbed/stage.ts';
import { waitForGate } from '../test/testbed/wait-for-gate.ts';
import { median } from './bench-figures.ts';

/** What the figures of a real control plane are made from; printed as JSON. Runs in namespaces of its own. */
const root = join(import.meta.dirname, '..');
const bundle = await bundleDirectory(mkdtempSync(join(tmpdir(), 'bench-bundle-')), { realManifests: true });
const rounds = 3;

function timed(program: string, words: readonly string[], patience = 1): number {
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    const { status, stderr } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
    if (status === 0) return performance.now() - began;
    if (attempt >= patience) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
  }
}

/** The same files in the same order by kubectl; a kind that is not served yet is asked for again, as people do. */
async function byKubectl(plane: ControlPlane): Promise<() => number> {
  const kubectl = plane.program('kubectl');
  const cache = mkdtempSync(join(tmpdir(), 'bench-'));
  const common = ['--kubeconfig', await plane.kubeconfig('kubectl'), '--cache-dir', cache, 'apply', '--server-side'];
  const commands = await fileGroups();
  return () =>
    commands.reduce((sum, files) => sum + timed(kubectl, [...common, ...files.flatMap((file) => ['-f', file])], 40), 0);
}

async function applies(name: 'ours' | 'kubectl') {
  const plane = await ControlPlane.start();
  const kubeconfig = await plane.kubeconfig('novasphere-installer');
  const ours = () => timed(process.execPath, ['scripts/bench-apply.ts', kubeconfig, bundle]);
  const apply = name === 'ours' ? ours : await byKubectl(plane);
  const first = apply();
  const before = (await plane.audit()).length;
  const again = Array.from({ length: rounds }, apply);
  const sent = (await plane.audit()).slice(before);
  const mutating = sent.filter((line) => line.mutating && line.user === 'novasphere-installer').length;
  await plane.close();
  return { first, again: median(again), mutating };
}

/** One command of kubectl each: the files of a component, and after them the object that its operator waits for. */
async function fileGroups(): Promise<readonly (readonly string[])[]> {
  const { components } = await loadCatalog(root);
  const wanted = componentNames.filter((name) => !['k3s', 'operator', 'sample-vm'].includes(name));
  return wanted.flatMap((name) => {
    const paths = components[name].assets.map(({ path }) => path).filter((path) => /\.ya?ml$/.test(path));
    const [own, others] = [
      paths.filter((path) => path.endsWith('-cr.yaml')),
      paths.filter((path) => !path.endsWith('-cr.yaml')),
    ];
    return [others, own].filter((group) => group.length > 0).map((group) => group.map((path) => join(bundle, path)));
  });
}

/** Milliseconds from the answer to the write that makes a gate true until the gate has passed. */
async function gateDelays(): Promise<readonly number[]> {
  const plane = await ControlPlane.start();
  const cluster = new KubeCluster(plane.transport('novasphere-installer'), systemClock());
  const delays = await waitForGate(cluster, plane.transport('admin'), 100);
  await plane.close();
  return delays;
}

/** Phases 3 to 11 with doubles that never wait: k3s here, the rest by the program itself, and how much memory that took. */
async function wholeRun(): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const stage = await BedStage.open({ haste: 0 });
  await stage.play({ only: ['preflight', 'host'] });
  const began = performance.now();
  await stage.play({ only: ['k3s'] });
  const kubeconfig = await stage.site.plane.kubeconfig('novasphere-installer');
  const words = ['apply', 'profiles/lab-vm.yaml', '--from', 'longhorn', '--kubeconfig', kubeconfig, '--bundle', bundle];
  const program = [join(root, 'installer/bin/novasphere.js'), ...words, '--yes', '--concurrency', '3'];
  const env = { ...process.env, NOVASPHERE_STATE: mkdtempSync(join(tmpdir(), 'bench-state-')) };
  const told = join(mkdtempSync(join(tmpdir(), 'bench-log-')), 'apply.log');
  const log = openSync(told, 'w');
  // As the first line of the program says.
  const heap = ['--max-semi-space-size=2', '--max-old-space-size=256'];
  const child = spawn(process.execPath, [...heap, ...program], { cwd: root, env, stdio: ['ignore', log, log] });
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, highWater(child.pid))), 200);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`novasphere apply ended with ${code}:\n${readFileSync(told, 'utf8').slice(-3000)}`);
  const seconds = (performance.now() - began) / 1000;
  await stage.close();
  return { seconds, megabytes: most / 1024 };
}

/** The most memory that a process has had so far, in KiB. */
function highWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const whole = await wholeRun();
const ours = await applies('ours');
const kubectl = await applies('kubectl');
const delays = (await gateDelays()).toSorted((a, b) => a - b);
const p95 = delays[Math.floor(delays.length * 0.95)] as number;
console.log(JSON.stringify({ ours, kubectl, p95, whole }));
process.exit();
