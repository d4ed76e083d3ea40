import { Fault } from '#engine/fault';
import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { proof } from '../verbs/proof.ts';
import { trialImage, trialPod } from '../verbs/trial.ts';
import { trialSucceeds } from '../verbs/trial-succeeds.ts';

/** What matters most: with Multus in the way, an ordinary pod still starts and gets an address. */
export function plainPodProof(site: Site): Step {
  const pod = trialPod({
    kind: 'plain',
    name: 'trial-plain',
    image: trialImage(site.catalog),
    script: "ip -4 -o address show eth0 | awk '{print $4}' | grep .",
  });
  return proof({
    id: 'multus/plain-pod',
    title: 'Prove that ordinary pods still get an address',
    claim: 'a plain pod gets an address',
    // k3s lays the plugins that Multus calls.
    of: { k3s: site.catalog.components.k3s.version, multus: site.catalog.components.multus.version },
    stages: [
      {
        objects: [pod],
        gate: trialSucceeds({
          title: 'a plain pod to get an address',
          pod,
          soft: 1 * minute,
          hard: 3 * minute,
          failed: noAddress,
          evidence: (_, live) => [`a plain pod got ${live.status?.podIP ?? 'an address'}`],
        }),
      },
    ],
  });
}

function noAddress(log: readonly string[]): Fault {
  return new Fault({
    code: 'NETWORK-BROKEN',
    message: 'a plain pod started, but got no address',
    cause: log.at(-1) ?? 'the pod printed nothing',
    evidence: log.slice(-5),
    remedy: ['kubectl -n kube-system logs -l app=multus --tail=50  shows what Multus says'],
  });
}
