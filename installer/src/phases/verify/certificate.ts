import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { ProofRecord } from '../verbs/proof-record.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';

/** What was proven on this cluster, with the versions that it was proven for: kept where the cluster is. */
export function certificate({ profile, catalog }: Site, proofs: readonly ProofRecord[]): KubeObject {
  const versions = Object.fromEntries(Object.values(catalog.components).map(({ name, version }) => [name, version]));
  const sample = proofs.find(({ id }) => id === 'verify/sample-vm');
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'novasphere-certificate', namespace: trialNamespace },
    data: {
      site: profile.metadata.name,
      nodes: profile.nodes.map(({ name }) => name).join(', '),
      versions: JSON.stringify(versions, undefined, 2),
      'booted-at': sample?.at ?? 'never',
      proofs: JSON.stringify(
        proofs.map(({ id, claim, at, seconds, evidence }) => ({ id, claim, at, seconds, evidence })),
        undefined,
        2,
      ),
    },
  };
}
