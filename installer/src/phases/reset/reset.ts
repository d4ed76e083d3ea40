import type { Phase } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { cdiOff, certManagerOff, kubevirtOff, operatorOff } from './cluster/component-phases.ts';
import { dataKept } from './cluster/keep-step.ts';
import { longhornOff } from './cluster/longhorn.ts';
import { multusOff } from './cluster/multus.ts';
import { nmstateOff } from './cluster/nmstate.ts';
import { clusterSaved } from './cluster/snapshot-step.ts';
import { tracesGone } from './cluster/traces.ts';
import { workloadsOff } from './cluster/workloads-step.ts';
import { onCluster } from './machine/emptied.ts';
import { hostRestored } from './machine/host.ts';
import { k3sOff } from './machine/k3s.ts';
import type { ResetWish } from './wish.ts';

/**
 * The way back, as a table of contents. Whoever makes things goes after what it made and before its kinds: an operator
 * that is gone takes nothing down any more, and a webhook without anybody behind it refuses every deletion.
 */
export function resetPhases(wish: ResetWish): readonly PhaseFor[] {
  const onTheCluster: readonly PhaseFor[] = [
    (site) => workloads([...(wish.keepData ? keeping(site, wish) : []), workloadsOff(wish)]),
    operatorOff,
    cdiOff,
    kubevirtOff,
    (site) => longhornOff(site, wish),
    nmstateOff,
    certManagerOff,
    multusOff,
    tracesGone,
  ];
  const onMachines: readonly PhaseFor[] = [(site) => k3sOff(site, wish), (site) => hostRestored(site, wish)];
  const all = [
    ...(wish.reach === 'machine'
      ? []
      : onTheCluster.map(
          (phaseFor): PhaseFor =>
            (site) =>
              guarded(phaseFor(site)),
        )),
    ...(wish.reach === 'cluster' ? [] : onMachines),
  ];
  return inOrder(all);
}

function keeping(site: Parameters<PhaseFor>[0], { reach }: ResetWish) {
  return [...(reach === 'machine and cluster' ? [clusterSaved(site)] : []), dataKept()];
}

function workloads(steps: Phase['steps']): Phase {
  return {
    id: 'reset-workloads',
    title: 'Remove virtual machines and their volumes',
    on: 'cluster',
    needs: [],
    steps,
  };
}

/** Once k3s is off, nothing is there that could be asked. */
function guarded(phase: Phase): Phase {
  return { ...phase, steps: phase.steps.map(onCluster) };
}

/** Each waits for the one before: this order is the point of it all. */
function inOrder(phases: readonly PhaseFor[]): readonly PhaseFor[] {
  return phases.map((phaseFor, at): PhaseFor => {
    return (site) => {
      const before = phases[at - 1];
      return { ...phaseFor(site), needs: before === undefined ? [] : [before(site).id] };
    };
  });
}
