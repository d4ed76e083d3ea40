import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { Trial } from '../contract/definitions/judge.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

const run = promisify(execFile);
const golden = join(import.meta.dirname, '../golden/definitions/explain');

let plane: ControlPlane;
let kubeconfig: string;
let trial: Trial;
beforeAll(async () => {
  plane = await ControlPlane.start();
  kubeconfig = await plane.kubeconfig('kubectl');
  const judge = { transport: plane.transport('admin'), pass: (milliseconds: number) => sleep(milliseconds) };
  trial = new Trial(judge, 'Wukong');
  await trial.install(wukongCrd());
  await new Trial(judge, 'WukongSnapshot').install(wukongSnapshotCrd());
});
afterAll(() => plane.close());

/** What kubectl tells; the fields of a definition are published a moment after it is served. */
async function explained(field: string): Promise<string> {
  for (;;) {
    const words = ['--kubeconfig', kubeconfig, 'explain', field];
    const told = await run(plane.program('kubectl'), words).catch(({ stderr }: { stderr: string }) => ({
      stdout: '',
      stderr,
    }));
    if (told.stdout !== '') return told.stdout;
    if (!/couldn't find|doesn't have a resource|not found/.test(told.stderr)) throw new Error(told.stderr);
    await sleep(100);
  }
}

it.for([
  ['wukong.spec', 'spec'],
  ['wukong.spec.disks', 'disks'],
  ['wk.spec.networks', 'networks'],
  ['wukong.spec.networks.ipConfig', 'ip-config'],
  ['wks.spec', 'snapshot'],
])('kubectl explain %s reads well', async ([field, file]) => {
  await expect(await explained(field as string)).toMatchFileSnapshot(join(golden, `${file}.txt`));
});

it('kubectl get wk shows how it stands, and with -o wide where it is found', async () => {
  await trial.create(trial.object({ cpu: 2, memory: '4Gi', disks: [{ name: 'root', size: '10Gi' }] }));
  const ready = { type: 'Ready', status: 'True', reason: 'VMRunning', message: 'it runs', observedGeneration: 1 };
  const status = {
    phase: 'Running',
    vmName: 'sample-vm',
    nodeName: 'plant-7-a',
    networks: [{ name: 'default', ipAddress: '10.42.0.7' }],
    conditions: [{ ...ready, lastTransitionTime: '2026-01-31T08:00:00Z' }],
  };
  await trial.patch({ status }, '/status');

  const shown = async (...words: readonly string[]) => {
    const { stdout } = await run(plane.program('kubectl'), ['--kubeconfig', kubeconfig, 'get', 'wk', ...words]);
    return stdout
      .replaceAll(/ +/g, ' ')
      .replaceAll(/\d+s *$/gm, 'AGE')
      .trimEnd();
  };
  expect(await shown()).toMatchInlineSnapshot(`
    "NAME PHASE READY NODE IP AGE
    sample Running True plant-7-a 10.42.0.7 AGE"
  `);
  expect(await shown('-o', 'wide')).toMatchInlineSnapshot(`
    "NAME PHASE READY NODE IP CPU MEMORY VM AGE
    sample Running True plant-7-a 10.42.0.7 2 4Gi sample-vm AGE"
  `);
});
