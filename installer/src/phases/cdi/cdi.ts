import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { apiServiceAvailable } from '../verbs/api-service-available.ts';
import { every, gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsIn } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { blankDiskProof } from './blank-disk-proof.ts';
import { cdiConfigured, cdiDeployed } from './cdi-conditions.ts';
import { cdiResource } from './cdi-objects.ts';

/** Fills volumes with disk images. */
export const cdi: PhaseFor = (site) => ({
  id: 'cdi',
  title: 'CDI',
  on: 'cluster',
  needs: ['k3s', 'longhorn'],
  steps: site.profile.components.cdi.enabled
    ? [
        objectsApplied({
          id: 'cdi/operator',
          title: 'Install the operator of CDI',
          component: 'cdi',
          objects: (sight) => objectsIn(sight.bundle, 'manifests/cdi/cdi-operator.yaml'),
          gate: gate(
            { title: 'the operator of CDI to be available', soft: 80_000, hard: 10 * minute },
            crdsEstablished('cdis.cdi.kubevirt.io'),
            deploymentAvailable('cdi', 'cdi-operator'),
          ),
        }),
        objectsApplied({
          id: 'cdi/platform',
          title: 'Deploy CDI',
          component: 'cdi',
          objects: (sight) => cdiResource(site, sight.bundle),
          gate: gate(
            { title: 'CDI to be deployed', soft: 4 * minute, hard: 10 * minute },
            every(
              cdiDeployed(site.catalog.components.cdi.version),
              ...['cdi-deployment', 'cdi-apiserver', 'cdi-uploadproxy'].map((name) => deploymentAvailable('cdi', name)),
            ),
            apiServiceAvailable('v1beta1.upload.cdi.kubevirt.io'),
            cdiConfigured(site),
          ),
        }),
        ...(site.profile.verify.storage && site.profile.components.longhorn.enabled ? [blankDiskProof(site)] : []),
      ]
    : [],
});
