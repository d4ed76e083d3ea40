import type { Code } from '#engine/codes';
import { Fault } from '#engine/fault';
import type { Act, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Stage } from '#ports/world';
import { type Errand, removed, runErrand } from '../verbs/errand.ts';
import { trialImage } from '../verbs/trial.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { configurationNames, multusPaths } from './multus-paths.ts';

/** Faults that tell of a network in which pods do not start. With any other one Multus stays as it is. */
const telling: readonly Code[] = ['NETWORK-BROKEN', 'POD-FAILING', 'GATE-TIMEOUT'];

const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-multus-ds' };

/** Takes Multus out of the node's network again, so that pods start as they did before. */
export function takeBack(site: Site): NonNullable<Step['undo']> {
  return async (stage, fault, act) => {
    if (!telling.includes(fault.code)) return undefined;
    return stage.host.outOfReach === true ? byPods(site, stage, act) : byHand(site, stage);
  };
}

/** On the machine of this run: what is there is seen, and removed. */
async function byHand(site: Site, stage: Stage): Promise<string | undefined> {
  const paths = multusPaths(site);
  const written = configurationNames.map((name) => `${paths.configuration}/${name}`);
  const there: string[] = [];
  for (const path of written) if ((await stage.host.look(path)) !== undefined) there.push(path);
  if (there.length === 0) return undefined;
  // First what writes it, or it would come back.
  await stage.cluster.remove(daemonSet, { propagation: 'Background' });
  for (const path of [...there, paths.kubeconfig]) await stage.host.remove(path);
  await removeTrials(stage);
  return `removed the Multus DaemonSet and ${there.join(', ')} from ${stage.host.name}: new pods start without Multus${others(site, there)}`;
}

/** From elsewhere: pods with the network of their machine still start, and remove it on every node. */
async function byPods(site: Site, stage: Stage, act: Pick<Act, 'waitFor'>): Promise<string | undefined> {
  if ((await stage.cluster.get(daemonSet)) === undefined) return undefined;
  await stage.cluster.remove(daemonSet, { propagation: 'Background' });
  await removeTrials(stage);
  const errands = site.profile.nodes.map(({ name }) => errandFor(site, name));
  const left: string[] = [];
  for (const errand of errands) if (!(await succeeds(errand, stage, act))) left.push(errand.node);
  const nodes = site.profile.nodes.map(({ name }) => name).filter((name) => !left.includes(name));
  const done = nodes.length === 0 ? '' : ` and its configuration on ${nodes.join(', ')}: new pods start without Multus`;
  const files = removed(errandFor(site, '')).join(' ');
  const rest = left.length === 0 ? '' : `; on ${left.join(', ')} no new pod may start until:  rm -f ${files}`;
  return `removed the Multus DaemonSet${done}${rest}`;
}

function errandFor(site: Site, node: string): Errand {
  const { configuration, kubeconfig } = multusPaths(site);
  const names = [...configurationNames, kubeconfig.slice(configuration.length + 1)];
  const image = trialImage(site.catalog);
  return { name: `take-back-multus-${node}`, node, image, files: { directory: configuration, names } };
}

async function succeeds(errand: Errand, stage: Stage, act: Pick<Act, 'waitFor'>): Promise<boolean> {
  try {
    await runErrand(errand, stage, act);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code !== 'RUN-INTERRUPTED') return false;
    throw error;
  }
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
