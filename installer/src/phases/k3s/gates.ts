import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import { apiServiceAvailable } from '../verbs/api-service-available.ts';
import { gate, met, unmet } from '../verbs/condition.ts';
import { gateStep } from '../verbs/host-part.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { nodeReady } from './node-ready.ts';

export function apiStep(): Step {
  const answers = gate(
    { title: 'the API server to be ready', soft: 1 * minute, hard: 10 * minute, every: 2 * second },
    async ({ cluster }) => {
      const { status, text } = await cluster.fetch('/readyz?verbose');
      if (status === 200) return met('/readyz answers 200');
      const failing = text.split('\n').filter((line) => line.startsWith('[-]'));
      return unmet(`/readyz answers ${status}${failing.length === 0 ? '' : `: ${failing.join(', ')}`}`);
    },
  );
  return gateStep('k3s/api', 'Wait for the API server', answers);
}

export function nodeStep(site: Site): Step {
  const { version } = site.catalog.components.k3s;
  const about = { title: `node ${site.node.name} to be Ready`, soft: 2 * minute, hard: 10 * minute };
  return gateStep(
    'k3s/node',
    'Wait for the node',
    gate({ ...about, every: 2 * second }, nodeReady(site.node.name, version)),
  );
}

/** Where Multus will have to look for the network of pods, and where containerd really looks. */
export function containerdStep(site: Site): Step {
  const { dataDir } = site.profile.cluster.k3s;
  const path = `${dataDir}/agent/etc/containerd/config.toml`;
  const wanted = [`${dataDir}/data/cni`, `${dataDir}/agent/etc/cni/net.d`];
  const looks = gate(
    { title: 'containerd to use the directories of k3s', soft: 20 * second, hard: 2 * minute },
    async ({ host }) => {
      const text = await host.read(path);
      if (text === undefined) return unmet(`${path} does not exist yet`);
      const missing = wanted.filter((directory) => !text.includes(`"${directory}"`));
      return missing.length === 0
        ? met(...wanted.map((directory) => `containerd uses ${directory}`))
        : unmet(`${path} does not name ${missing.join(' and ')}`);
    },
  );
  return gateStep('k3s/containerd', 'Check where containerd looks for networks', looks);
}

export function systemPodsStep(): Step {
  const available = gate(
    { title: 'CoreDNS and metrics-server to be available', soft: 2 * minute, hard: 10 * minute },
    deploymentAvailable('kube-system', 'coredns'),
    deploymentAvailable('kube-system', 'metrics-server'),
    apiServiceAvailable('v1beta1.metrics.k8s.io'),
  );
  return gateStep('k3s/system-pods', "Wait for k3s's own pods", available);
}

/** It appears some seconds after the node is Ready; without it no pod can be created. */
export function defaultAccountStep(): Step {
  const ref = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' };
  const exists = gate({ title: 'pods to be possible', soft: 30 * second, hard: 3 * minute }, async ({ cluster }) =>
    (await cluster.get(ref)) === undefined
      ? unmet('ServiceAccount default/default does not exist yet')
      : met('ServiceAccount default/default exists'),
  );
  return gateStep('k3s/default-account', 'Wait until pods are possible', exists);
}
