import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { gate } from '../verbs/condition.ts';
import { type ProofStage, proof } from '../verbs/proof.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { bootCounter } from './boot-counter.ts';
import { consoleShows } from './console-shows.ts';
import { sampleIsOfTheBundle } from './images-step.ts';
import { nothingLeft } from './nothing-left.ts';
import { reachStage } from './reach-stage.ts';
import { addressKnown, disksReady, instanceRuns, launcherRuns, scheduled } from './sample-conditions.ts';
import { machineName, namespace, sampleNamespace, sampleWukong, script } from './sample-objects.ts';

/** Boots a Wukong, watches its console, reaches it, restarts it, and takes it away again. */
export function sampleProof(site: Site): Step {
  const { components } = site.catalog;
  const versions = (['k3s', 'longhorn', 'kubevirt', 'cdi', 'operator', 'sample-vm'] as const).map(
    (name) => [name, components[name].version] as const,
  );
  const wukong = sampleWukong(site);
  const { storage, network } = site.profile.verify;
  return proof({
    id: 'verify/sample-vm',
    title: 'Boot a sample virtual machine',
    claim: 'a virtual machine boots, prints its login prompt and has an address',
    of: { ...Object.fromEntries(versions), wukong: JSON.stringify(wukong), script: bootCounter },
    stages: [
      ...beginning(wukong),
      ...boot(site, 1),
      ...(network ? [reachStage(site)] : []),
      ...(storage ? restart(site) : []),
    ],
    gone: gate(
      { title: 'nothing of the sample VM to be left', soft: 2 * minute, hard: 10 * minute, every: 5 * second },
      nothingLeft,
    ),
  });
}

function beginning(wukong: KubeObject): readonly [ProofStage, ProofStage] {
  const patience = { soft: 1 * minute, hard: 5 * minute };
  return [
    {
      objects: [namespace, script],
      gate: gate({ title: 'the sample Wukong to be accepted', ...patience, every: 3 * second }, webhookAccepts(wukong)),
    },
    {
      objects: [wukong],
      gate: gate(
        { title: 'the disks of the sample VM to be filled', soft: 3 * minute, hard: 10 * minute },
        disksReady(),
      ),
    },
  ];
}

function boot(site: Site, count: number): readonly ProofStage[] {
  const patience = { soft: 1 * minute, hard: 5 * minute };
  return [
    { gate: gate({ title: 'the sample VM to find a node', ...patience }, scheduled()) },
    { gate: gate({ title: 'the launcher of the sample VM to run', ...patience }, launcherRuns(), sampleIsOfTheBundle) },
    { gate: gate({ title: 'the sample VM to run', ...patience }, instanceRuns) },
    { gate: consoleShows(site, count) },
    { gate: gate({ title: 'the sample VM to have an address', ...patience }, addressKnown) },
  ];
}

/** Its data disk has to remember the first boot. */
function restart(site: Site): readonly ProofStage[] {
  const [first, ...rest] = boot(site, 2);
  const instance = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    namespace: sampleNamespace,
    name: machineName,
  };
  return first === undefined ? [] : [{ ...first, remove: [instance] }, ...rest];
}
