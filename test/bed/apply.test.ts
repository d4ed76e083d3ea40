import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleDirectory } from '../fixtures/bundle-directory.ts';
import { clusterState, differences } from '../fixtures/end-state.ts';
import { root } from '../fixtures/rehearsed.ts';
import { BedStage } from '../testbed/stage.ts';

/** `novasphere apply` as a process, pointed at somebody's cluster: k3s is there, nothing else. */
const profile = join(root, 'profiles/lab-vm.yaml');
let stage: BedStage;
let words: readonly string[];
let state: string;
let undisturbed: readonly string[] = [];

/** What the installer applied, as it is now; of everything else who is there. Not what controllers keep for their own history. */
async function endState(): Promise<readonly string[]> {
  const history = /\/(pods|replicasets|controllerrevisions|endpointslices|endpoints|jobs|volumeattachments) /;
  const lines = (await clusterState(stage.site.plane.transport('admin'))).filter((line) => !history.test(line));
  return lines.map((line) => {
    const { metadata } = JSON.parse(line.slice(line.indexOf(' ')));
    const ours = metadata.labels?.['novasphere.dev/component'] !== undefined;
    // Each bed has an authority of its own.
    if (ours) return line.replaceAll(/LS0tLS1[A-Za-z0-9+/=]+/g, '‹authority›');
    return `${line.slice(0, line.indexOf(' '))} ${metadata.namespace ?? ''}/${metadata.name}`;
  });
}

beforeEach(async () => {
  stage = await BedStage.open();
  const { faults } = await stage.play({ only: ['preflight', 'host', 'k3s'] });
  expect(faults).toEqual([]);
  const bundle = await bundleDirectory(mkdtempSync(join(tmpdir(), 'bundle-')), { realManifests: true });
  const kubeconfig = await stage.site.plane.kubeconfig('novasphere-installer');
  state = mkdtempSync(join(tmpdir(), 'state-'));
  words = ['apply', profile, '--from', 'longhorn', '--kubeconfig', kubeconfig, '--bundle', bundle, '--yes'];
});
afterEach(async () => {
  await stage.close();
  expect(stage.site.crash).toBeUndefined();
});

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function novasphere(): { readonly child: ChildProcess; readonly text: () => string; readonly ended: Promise<Ended> } {
  const env = { ...process.env, NOVASPHERE_STATE: state };
  const command = [join(root, 'installer/bin/novasphere.js'), ...words];
  const child = spawn(join(root, 'node_modules/.bin/node'), command, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, text })));
  return { child, text: () => text, ended };
}

async function untilSays(run: ReturnType<typeof novasphere>, words: RegExp): Promise<void> {
  while (!words.test(run.text())) {
    if (run.child.exitCode !== null) throw new Error(`it ended before it said ${words}:\n${run.text()}`);
    await sleep(50);
  }
}

/** How a run ends; one that does not is told by its last words. */
async function endOf(run: ReturnType<typeof novasphere>): Promise<Ended> {
  const late = sleep(150_000, undefined, { ref: false }).then(() => {
    throw new Error(`it has not ended; its last words:\n${run.text().split('\n').slice(-30).join('\n')}`);
  });
  return Promise.race([run.ended, late]);
}

async function certificate(): Promise<string | undefined> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'novasphere-system', name: 'novasphere-certificate' };
  return (await stage.world.cluster.get(ref))?.metadata.name;
}

it('installs onto a cluster of one’s own, waits for an API server that is away for 30 s, and then has nothing to do', {
  timeout: 300_000,
}, async () => {
  const first = novasphere();
  await untilSays(first, /phase 4\/9 {2}NMState/);
  await stage.site.plane.stopApiServer();
  await untilSays(first, /waiting for the API server|the API server to answer/i);
  await sleep(30_000);
  await stage.site.plane.startApiServer();
  const { code, text } = await endOf(first);
  expect({ code, text: code === 0 ? '' : text }).toEqual({ code: 0, text: '' });
  expect(await certificate()).toBe('novasphere-certificate');

  const before = (await stage.site.plane.audit()).length;
  const again = await endOf(novasphere());

  const sent = (await stage.site.plane.audit()).slice(before).filter(({ user }) => user === 'novasphere-installer');
  expect([again.code, /^Nothing to change/m.test(again.text) ? '' : again.text]).toEqual([0, '']);
  expect(sent.length).toBeGreaterThan(20);
  expect(sent.filter(({ mutating }) => mutating)).toEqual([]);
  undisturbed = await endState();
});

it('ends the same when it is killed at ten random moments and started again each time', {
  timeout: 400_000,
}, async () => {
  for (let kill = 1; kill <= 10; kill++) {
    const run = novasphere();
    const moment = 500 + Math.random() * 6000;
    const early = await Promise.race([run.ended.then(() => true), sleep(moment, false)]);
    if (early) continue;
    run.child.kill('SIGKILL');
    await run.ended;
  }

  const last = await endOf(novasphere());
  expect({ code: last.code, text: last.code === 0 ? '' : last.text }).toEqual({ code: 0, text: '' });
  expect(await certificate()).toBe('novasphere-certificate');
  const again = await endOf(novasphere());
  expect([again.code, /^Nothing to change/m.test(again.text) ? '' : again.text]).toEqual([0, '']);
  expect(differences(undisturbed, await endState())).toEqual([]);
});
