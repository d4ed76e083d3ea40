import type { Upgraded } from '#catalog/skew';
import type { PhaseFor } from '#plan/plan';
import { cdi } from './cdi/cdi.ts';
import { certManager } from './cert-manager/cert-manager.ts';
import { host } from './host/host.ts';
import { k3s } from './k3s/k3s.ts';
import { kubevirt } from './kubevirt/kubevirt.ts';
import { longhorn } from './longhorn/longhorn.ts';
import { multus } from './multus/multus.ts';
import { nmstate } from './nmstate/nmstate.ts';
import { operator } from './operator/operator.ts';
import { preflight } from './preflight/preflight.ts';
import { newImages, tidied } from './upgrade/images.ts';
import { fitForUpgrade } from './upgrade/upgrade.ts';
import { verify } from './verify/verify.ts';

/**
 * The order of an upgrade: what everything else leans on comes first (certificates, storage), each operator before what
 * is made with it, and one after the other. Kubernetes comes after the components, which live on the old and on the new
 * one, unless what comes needs the new one. Multus comes after Kubernetes: that lays the network plugins anew, and with
 * a network that is broken nothing else could be started any more.
 */
export function upgradePhases(kubernetes: 'first' | 'last'): readonly PhaseFor[] {
  const before = [preflight, fitForUpgrade, host, newImages];
  const components = [certManager, longhorn, cdi, kubevirt, nmstate, operator];
  const order = kubernetes === 'first' ? [k3s, ...components, multus] : [...components, k3s, multus];
  return inARow([...before, ...order, verify, tidied]);
}

/** The components in the order of an upgrade; the snapshot controller belongs to the phase of Longhorn. */
export function upgradeOrder(kubernetes: 'first' | 'last'): readonly Upgraded[] {
  const components: readonly Upgraded[] = [
    'cert-manager',
    'snapshotter',
    'longhorn',
    'cdi',
    'kubevirt',
    'nmstate',
    'operator',
  ];
  return kubernetes === 'first' ? ['k3s', ...components, 'multus'] : [...components, 'k3s', 'multus'];
}

/** Each phase needs the one before it, whatever it needs in an installation. */
function inARow(phases: readonly PhaseFor[]): readonly PhaseFor[] {
  return phases.map((phaseFor, at): PhaseFor => {
    const before = phases[at - 1];
    return (site) => ({ ...phaseFor(site), needs: before === undefined ? [] : [before(site).id] });
  });
}
