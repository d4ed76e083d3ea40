import { Fault } from '#engine/fault';
import { minute } from '#engine/step';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { ProofStage } from '../verbs/proof.ts';
import { trialImage, trialPod } from '../verbs/trial.ts';
import { trialSucceeds } from '../verbs/trial-succeeds.ts';
import { addressOf } from './sample-conditions.ts';
import { sampleNamespace } from './sample-objects.ts';

const port = 22;

/** A pod reaches the guest's SSH server; it goes with the namespace. */
export function reachStage(site: Site): ProofStage {
  const unknown = 'an address that is not known yet';
  return {
    objects: async (sight) => [reachPod(site, (await addressOf(sight)) ?? unknown)],
    gate: trialSucceeds({
      title: 'a pod to reach the sample VM',
      pod: reachPod(site, unknown),
      soft: 1 * minute,
      hard: 4 * minute,
      failed: unreachable,
      evidence: () => [`a pod reached its port ${port}`],
    }),
  };
}

function reachPod(site: Site, address: string): KubeObject {
  return trialPod({
    kind: 'reach',
    name: 'trial-reach',
    namespace: sampleNamespace,
    image: trialImage(site.catalog),
    annotations: { 'novasphere.dev/trial-address': address, 'novasphere.dev/trial-port': String(port) },
    script: `for try in $(seq 1 30); do nc -z -v -w 2 ${address} ${port} && exit 0; sleep 2; done; exit 1`,
  });
}

function unreachable(log: readonly string[]): Fault {
  return new Fault({
    code: 'NETWORK-BROKEN',
    message: `the sample VM has booted and has an address, but no pod reaches its port ${port}`,
    cause: log.at(-1) ?? 'the pod printed nothing',
    evidence: log.slice(-5),
    remedy: [
      'kubectl -n kubevirt logs -l kubevirt.io=virt-handler --tail=50',
      'iptables --version  on the machine: 1.8.0 to 1.8.4 lose rules',
    ],
  });
}
