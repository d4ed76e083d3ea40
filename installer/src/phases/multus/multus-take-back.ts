import type { Code } from '#engine/codes';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Stage } from '#ports/world';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { configurationNames, multusPaths } from './multus-paths.ts';

/** Faults that tell of a network in which pods do not start. With any other one Multus stays as it is. */
const telling: readonly Code[] = ['NETWORK-BROKEN', 'POD-FAILING', 'GATE-TIMEOUT'];

const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-multus-ds' };

/** Takes Multus out of the node's network again, so that pods start as they did before. */
export function takeBack(site: Site): NonNullable<Step['undo']> {
  const paths = multusPaths(site);
  return async (stage, fault) => {
    if (!telling.includes(fault.code)) return undefined;
    const written = configurationNames.map((name) => `${paths.configuration}/${name}`);
    const there: string[] = [];
    for (const path of written) if ((await stage.host.look(path)) !== undefined) there.push(path);
    if (there.length === 0) return undefined;
    // First what writes it, or it would come back.
    await stage.cluster.remove(daemonSet, { propagation: 'Background' });
    for (const path of [...there, paths.kubeconfig]) await stage.host.remove(path);
    await removeTrials(stage);
    return `removed the Multus DaemonSet and ${there.join(', ')} from ${stage.host.name}: new pods start without Multus${others(site, there)}`;
  };
}

async function removeTrials({ cluster }: Stage): Promise<void> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace: trialNamespace, labelSelector: 'novasphere.dev/trial' };
  for (const { metadata } of await cluster.list(query))
    await cluster.remove({ apiVersion: 'v1', kind: 'Pod', namespace: trialNamespace, name: metadata.name });
}

/** This run has its hands on the first server only. */
function others({ profile, node }: Site, paths: readonly string[]): string {
  const names = profile.nodes.map(({ name }) => name).filter((name) => name !== node.name);
  return names.length === 0 ? '' : `; on ${names.join(', ')} remove ${paths.join(', ')} by hand`;
}
