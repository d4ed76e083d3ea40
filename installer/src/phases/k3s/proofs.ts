import { Fault } from '#engine/fault';
import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { proof } from '../verbs/proof.ts';
import { trialImage, trialPod } from '../verbs/trial.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { trialSucceeds } from '../verbs/trial-succeeds.ts';
import { dnsDead } from './dns-dead.ts';

const name = 'kubernetes.default.svc.cluster.local';
const hairpin = 'trial-hairpin';
const patient = { soft: 30 * second, hard: 5 * minute } as const;

/** Names resolve inside pods. */
export function dnsProof({ catalog }: Site): Step {
  const pod = trialPod({
    kind: 'dns',
    name: 'trial-dns',
    image: trialImage(catalog),
    script: tries(`nslookup ${name}`),
    annotations: { 'novasphere.dev/trial-name': name },
  });
  return proof({
    id: 'k3s/dns',
    title: 'Prove that names resolve',
    claim: `a pod resolves ${name}`,
    of: { k3s: catalog.components.k3s.version },
    stages: [
      {
        objects: [pod],
        gate: trialSucceeds({ title: `a pod to resolve ${name}`, pod, ...patient, failed: dnsDead(name) }),
      },
    ],
  });
}

/** A pod reaches itself through its own Service; on a single node Longhorn's webhook lives by that. */
export function hairpinProof({ catalog }: Site): Step {
  const pod = trialPod({
    kind: 'hairpin',
    name: hairpin,
    image: trialImage(catalog),
    script: `mkdir -p /tmp/www && echo reached > /tmp/www/index.html && httpd -p 8080 -h /tmp/www && ${tries(`wget -q -T 3 -O - http://${hairpin}.${trialNamespace}.svc.cluster.local:8080/`)}`,
    annotations: { 'novasphere.dev/trial-service': hairpin },
    labels: { 'novasphere.dev/trial-pod': hairpin },
    ports: [8080],
  });
  return proof({
    id: 'k3s/hairpin',
    title: 'Prove that a pod reaches itself through its Service',
    claim: 'a pod reaches itself through its own Service',
    of: { k3s: catalog.components.k3s.version },
    stages: [
      {
        objects: [service(), pod],
        gate: trialSucceeds({ title: 'a pod to reach itself through its Service', pod, ...patient, failed: apart }),
      },
    ],
  });
}

/** Ten tries, two seconds apart: a Service needs a moment until every node knows it. */
function tries(command: string): string {
  return `for i in 1 2 3 4 5 6 7 8 9 10; do ${command} && exit 0; sleep 2; done; exit 1`;
}

function service(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: hairpin,
      namespace: trialNamespace,
      labels: { 'app.kubernetes.io/managed-by': 'novasphere-installer' },
    },
    spec: {
      selector: { 'novasphere.dev/trial-pod': hairpin },
      // The pod itself asks before anybody has called it ready.
      publishNotReadyAddresses: true,
      ports: [{ name: 'http', port: 8080, targetPort: 8080, protocol: 'TCP' }],
    },
  };
}

function apart(log: readonly string[]): Fault {
  return new Fault({
    code: 'NETWORK-BROKEN',
    message: 'a pod cannot reach itself through its own Service',
    cause: 'hairpin traffic is dropped between the pod network and the Service',
    evidence: log.slice(-5),
    remedy: [
      'sysctl net.bridge.bridge-nf-call-iptables          must be 1',
      'iptables --version          must not be 1.8.0 to 1.8.4',
    ],
  });
}
