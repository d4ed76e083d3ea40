import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { daemonSetReady } from '../verbs/workload-ready.ts';
import { configurationWhole } from './multus-configuration.ts';
import { multusObjects } from './multus-objects.ts';
import { takeBack } from './multus-take-back.ts';
import { plainPodProof } from './plain-pod-proof.ts';
import { secondNicProof } from './second-nic-proof.ts';

/** More than one network per pod. Alone while it is at work: with a broken configuration no new pod starts. */
export const multus: PhaseFor = (site) => ({
  id: 'multus',
  title: 'Multus',
  on: 'cluster',
  needs: ['k3s'],
  exclusive: true,
  steps: site.profile.components.multus.enabled
    ? [
        objectsApplied({
          id: 'multus/install',
          title: 'Install Multus',
          component: 'multus',
          objects: (sight) => multusObjects(site, sight.bundle),
          gate: gate(
            { title: 'Multus to be in the network configuration of the node', soft: 80_000, hard: 5 * minute },
            crdsEstablished('network-attachment-definitions.k8s.cni.cncf.io'),
            daemonSetReady('kube-system', 'kube-multus-ds'),
            configurationWhole(site),
          ),
          undo: takeBack(site),
        }),
        plainPodProof(site),
        ...(site.profile.verify.network ? [secondNicProof(site)] : []),
      ]
    : [],
});
