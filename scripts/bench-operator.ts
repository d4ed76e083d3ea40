import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/system-clock';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { Reflector } from '#kube/reflector';
import { ControlPlane } from '../test/testbed/control-plane.ts';
import { instantPlatform } from '../test/testbed/instant-platform.ts';
import { operatorPod } from '../test/testbed/users.ts';
import { OperatorProcess, pause } from './bench-operator-process.ts';
import { packOperator } from './pack-operator.ts';

/** The figures of the operator on a real API server, with doubles that take no time; printed as JSON. */
const quietFor = Number(process.argv[2] ?? 60);
const plane = await ControlPlane.start();
const clock = systemClock();
const transport = plane.transport('admin');
const admin = new KubeClient({ transport, fieldManager: 'bench', sleep: clock.sleep });
const life = new AbortController();

await instantPlatform(plane, life.signal);

/** When each object was first seen in a state, by `performance.now()`. */
async function firstSeen(apiVersion: string, kind: string, isSo: (object: KubeObject) => boolean) {
  const at = new Map<string, number>();
  const reflector = new Reflector({ transport, clock, discovery: admin.discovery, query: { apiVersion, kind } });
  const note = (object: KubeObject) => {
    const { name } = object.metadata;
    if (!at.has(name) && isSo(object)) at.set(name, performance.now());
  };
  reflector.onChange({ added: note, updated: note });
  void reflector.run(life.signal);
  await reflector.synced;
  return at;
}
const machines = await firstSeen('kubevirt.io/v1', 'VirtualMachine', () => true);
const ready = await firstSeen('vm.novasphere.dev/v1alpha1', 'Wukong', ({ status }) => status?.phase === 'Running');

const spec = { cpu: 1, memory: '128Mi', disks: [{ name: 'data', size: '64Mi' }] };
const made = new Map<string, number>();
async function make(name: string): Promise<void> {
  const metadata = { name, namespace: 'default' };
  await admin.create({ apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', metadata, spec });
  made.set(name, performance.now());
}
/** Sixteen at a time, as fast as the server takes them. */
async function makeMany(prefix: string, count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await make(`${prefix}-${next++}`);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
const asked = async (since = 0) =>
  (await plane.audit()).slice(since).filter(({ user, uri }) => user === operatorPod && !uri.includes('/leases'));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
}
const tell = (what: string) => console.error(`${(performance.now() / 1000).toFixed(0)} s: ${what}`);

const kubeconfig = await plane.kubeconfig('operator-pod');
const program = await packOperator(mkdtempSync(join(tmpdir(), 'bench-operator-')));
let operator = new OperatorProcess(program, kubeconfig, 18_081);
await operator.ready();
await operator.said('leading');
await make('warm');
await until(() => ready.has('warm'));
// The API server puts the documents of thirty new kinds together in the background: that is no part of this.
await pause(15_000);

tell('200 at once');
const lines = (await plane.audit()).length;
const began = performance.now();
await makeMany('burst', 200);
await until(() => machines.size >= 201);
const objects = (performance.now() - began) / 1000;
const requests = (await asked(lines)).length;
await until(() => ready.size >= 201);
const allReady = (performance.now() - began) / 1000;

tell('ten a second');
for (let index = 0; index < 100; index++) {
  void make(`steady-${index}`);
  await pause(100);
}
await until(() => machines.size >= 301);
const delays = Array.from({ length: 100 }, (_, index) => {
  const name = `steady-${index}`;
  return (machines.get(`${name}-vm`) ?? 0) - (made.get(name) ?? 0);
}).toSorted((a, b) => a - b);

await makeMany('half', 199);
await until(() => ready.size >= 500);
await pause(15_000);
const at500 = operator.resident;

tell('2,000, and quiet');
await makeMany('more', 1500);
await until(() => ready.size >= 2000);
// Events are told slowly, so that they keep nobody waiting; the last of them come long after the machines.
let told = -1;
for (let sent = 0; sent > told; sent = (await asked()).length) {
  told = sent;
  await pause(10_000);
}
const before = (await plane.audit()).length;
await pause(quietFor * 1000);
const quiet = await asked(before);

tell('5,000');
await makeMany('most', 3000);
await until(() => ready.size >= 5000);
await pause(20_000);
const at5000 = operator.resident;

tell('fail-over');
const second = new OperatorProcess(program, kubeconfig, 18_082);
const synced = await second.ready();
const asksToStop = performance.now();
await operator.end('SIGTERM');
const onTerm = ((await second.said('leading')) - asksToStop) / 1000;
operator = new OperatorProcess(program, kubeconfig, 18_083);
await operator.ready();
const crashes = performance.now();
await second.end('SIGKILL');
const onCrash = ((await operator.said('leading')) - crashes) / 1000;

await operator.end('SIGTERM');
life.abort();
await plane.close();
const p95 = delays[94] as number;
const other = quiet.filter(({ verb }) => verb !== 'watch');
console.log(
  JSON.stringify({
    objects,
    requests,
    allReady,
    p95,
    at500,
    at5000,
    synced,
    onTerm,
    onCrash,
    quiet: other.length,
    quietFor,
  }),
);
if (other.length > 0) tell(JSON.stringify(other.slice(0, 5)));
process.exit();
