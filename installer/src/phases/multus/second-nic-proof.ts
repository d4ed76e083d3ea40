import { Fault } from '#engine/fault';
import { type Act, minute, type Step } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { Stage } from '#ports/world';
import { runErrand } from '../verbs/errand.ts';
import { proof } from '../verbs/proof.ts';
import { trialImage, trialPod } from '../verbs/trial.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { trialSucceeds } from '../verbs/trial-succeeds.ts';

/** The bridge plugin makes it and leaves it behind. */
const bridge = 'nova-trial0';
const statusAnnotation = 'k8s.v1.cni.cncf.io/network-status';

/** What Multus is there for: a pod that asks for a second network gets a second interface. */
export function secondNicProof(site: Site): Step {
  const pod = trialPod({
    kind: 'second-nic',
    name: 'trial-second-nic',
    image: trialImage(site.catalog),
    annotations: { 'k8s.v1.cni.cncf.io/networks': network.metadata.name },
    script: "ip -4 -o address show net1 | awk '{print $2, $4}' | grep .",
  });
  return proof({
    id: 'multus/second-nic',
    title: 'Prove that a pod gets a second interface',
    claim: 'a pod with a second network gets a second interface',
    // k3s lays the plugins that Multus calls.
    of: { k3s: site.catalog.components.k3s.version, multus: site.catalog.components.multus.version },
    stages: [
      {
        // The link that stays behind can be removed only where this run has its hands.
        objects: [network, onNode(pod, site.node.name)],
        gate: trialSucceeds({
          title: 'a pod to get a second interface',
          pod,
          soft: 1 * minute,
          hard: 3 * minute,
          failed: noInterface,
          evidence: (_, live) => [interfacesOf(live)],
        }),
      },
    ],
    cleanUp: (stage, act) => removeBridge(site, stage, act),
  });
}

const network: KubeObject = {
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name: 'trial-network', namespace: trialNamespace },
  spec: {
    config: JSON.stringify({
      cniVersion: '0.3.1',
      name: 'trial-network',
      type: 'bridge',
      bridge,
      // RFC 5737: addresses that no site uses.
      ipam: { type: 'host-local', ranges: [[{ subnet: '192.0.2.0/24' }]] },
    }),
  },
};

function onNode(pod: KubeObject, node: string): KubeObject {
  return { ...pod, spec: { ...pod['spec'], nodeSelector: { 'kubernetes.io/hostname': node } } };
}

function interfacesOf(pod: Json): string {
  const text = pod.metadata.annotations?.[statusAnnotation] ?? '[]';
  const networks: readonly Json[] = JSON.parse(text);
  const told = networks.map(({ interface: name = 'eth0', ips = [] }) => [name, ...ips].join(' '));
  return `a pod has ${networks.length} interfaces: ${told.join(', ')}`;
}

async function removeBridge(site: Site, stage: Stage, act: Act): Promise<readonly string[]> {
  const { host } = stage;
  if (host.outOfReach === true) return removeFromAfar(site, stage, act);
  if ((await host.look(`/sys/class/net/${bridge}`)) === undefined) return [];
  await host.run(['ip', 'link', 'delete', bridge]);
  return [];
}

/** A bridge without a port does no harm: where it cannot be removed, it is enough to say so. */
async function removeFromAfar(site: Site, stage: Stage, act: Act): Promise<readonly string[]> {
  const { name: node } = site.node;
  try {
    await runErrand({ name: 'trial-bridge-removal', node, image: trialImage(site.catalog), link: bridge }, stage, act);
    return [];
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'RUN-INTERRUPTED') throw error;
    return [`the bridge ${bridge} of this trial may have stayed on ${node}:  ip link delete ${bridge}`];
  }
}

function noInterface(log: readonly string[]): Fault {
  return new Fault({
    code: 'NETWORK-BROKEN',
    message: 'a pod that asked for a second network did not get its interface net1',
    cause: log.at(-1) ?? 'the pod printed nothing',
    evidence: log.slice(-5),
    remedy: [
      'kubectl -n kube-system logs -l app=multus --tail=50  shows what Multus says',
      'ls <k3s data directory>/data/cni  shows whether the plugin bridge is there',
    ],
  });
}
