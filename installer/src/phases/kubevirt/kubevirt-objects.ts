import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { objectsIn } from '../verbs/manifest.ts';
import { oneReplica, type Patch, patched } from '../verbs/patch.ts';
import { isSingle } from '../verbs/site-size.ts';
import { gatesOf } from './feature-gates.ts';

/** What makes and keeps KubeVirt. */
export async function kubevirtOperator(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  const objects = await objectsIn(bundle, 'manifests/kubevirt/kubevirt-operator.yaml');
  return isSingle(site) ? patched(objects, oneOperator) : objects;
}

const oneOperator = oneReplica('virt-operator', 'the second one only waits for the first to go');

/** What KubeVirt shall be on this site. */
export async function kubevirtResource(site: Site, sight: Sight): Promise<readonly KubeObject[]> {
  const emulated = await emulates(site, sight);
  const objects = await objectsIn(sight.bundle, 'manifests/kubevirt/kubevirt-cr.yaml');
  return patched(objects, platform(site, emulated));
}

function platform(site: Site, useEmulation: boolean): Patch {
  const wanted = site.profile.components.kubevirt.featureGates;
  return {
    kind: 'KubeVirt',
    name: 'kubevirt',
    why: 'gates that the product uses; an uninstall that would not take every virtual machine with it',
    change({ spec }) {
      spec.configuration.developerConfiguration = {
        ...spec.configuration.developerConfiguration,
        ...gatesOf(wanted),
        useEmulation,
      };
      spec.imagePullPolicy = 'IfNotPresent';
      spec.uninstallStrategy = 'BlockUninstallIfWorkloadsExist';
      if (isSingle(site)) spec.infra = { ...spec.infra, replicas: 1 };
    },
  };
}

/** Whether guests run without the CPU's help. By itself KubeVirt would leave them Pending for ever. */
export async function emulates({ profile }: Site, sight: Pick<Sight, 'host' | 'cluster'>): Promise<boolean> {
  const { emulation } = profile.components.kubevirt;
  if (emulation !== 'auto') return emulation === 'always';
  const { host, cluster } = sight;
  if (host.outOfReach !== true) return (await host.look('/dev/kvm')) === undefined;
  // From elsewhere nobody can look: what a run on the node has found stays, and without one the CPU is trusted.
  const ref = { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' };
  const live: Json = await cluster.get(ref);
  return live?.spec?.configuration?.developerConfiguration?.useEmulation === true;
}
