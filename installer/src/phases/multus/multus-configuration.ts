import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { type Condition, met, unmet } from '../verbs/condition.ts';
import { Persistence } from '../verbs/persistence.ts';
import { configurationNames, multusPaths } from './multus-paths.ts';

/** A configuration that is wrong for so long stays wrong, and every new pod of the node fails with it meanwhile. */
const patience = 30_000;

/** The node has a configuration of Multus that can work: it parses, names the pod network, and its kubeconfig is there. */
export function configurationWhole(site: Site): Condition {
  const lasting = new Persistence();
  const { configuration } = multusPaths(site);
  return async (sight) => {
    // Whether it works is what the next step proves, by a pod.
    if (sight.host.outOfReach === true)
      return met(`${configuration} of ${sight.host.name} was not looked at from here`);
    const found = await findConfiguration(sight, configuration);
    if (found === undefined) return unmet(`Multus has not written ${configurationNames[0]} into ${configuration} yet`);
    const problem = await problemOf(found.text, sight);
    if (problem === undefined) return met(`${found.path} names the pod network and its kubeconfig`);
    const because = `${found.path} ${problem}`;
    const fault = await broken(found.path, problem, sight);
    const stayed = lasting.stayed(because, sight.now(), patience);
    return unmet(because, stayed ? { hopeless: fault } : { blame: fault });
  };
}

async function findConfiguration(sight: Sight, directory: string): Promise<{ path: string; text: string } | undefined> {
  for (const name of configurationNames) {
    const path = `${directory}/${name}`;
    const text = await sight.host.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

async function problemOf(text: string, sight: Sight): Promise<string | undefined> {
  const parsed = parse(text);
  if (parsed === undefined) return 'is not JSON';
  const plugin = parsed.plugins?.find((one: Json) => one.type === 'multus') ?? parsed;
  const delegates: readonly Json[] = plugin.delegates ?? [];
  if (plugin.clusterNetwork === undefined && delegates.length === 0) return 'names no pod network';
  const { kubeconfig } = plugin;
  if (typeof kubeconfig !== 'string') return 'names no kubeconfig';
  if ((await sight.host.look(kubeconfig)) === undefined)
    return `names the kubeconfig ${kubeconfig}, which is not there`;
  return undefined;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The phase takes the file back when this is thrown, so that pods start again: see multus-take-back. */
async function broken(path: string, problem: string, sight: Sight): Promise<Fault> {
  const { name } = sight.host;
  return new Fault({
    code: 'NETWORK-BROKEN',
    message: `Multus has written a configuration with which no pod can start on ${name}`,
    cause: `${path} ${problem}`,
    where: [`file ${path}`],
    evidence: await lastWords(sight),
    remedy: [
      `ls ${path.slice(0, path.lastIndexOf('/'))}          on ${name}: the file has been taken back, pods start without Multus`,
      'run the same command again: Multus is installed anew',
      'or set components.multus.enabled: false in the profile, to go on without it',
    ],
  });
}

/** What Multus said while it wrote the file; its pods are gone when somebody reads of it. */
async function lastWords({ cluster }: Sight): Promise<readonly string[]> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', labelSelector: 'app=multus' };
  const [pod] = await cluster.list(query);
  if (pod === undefined) return [];
  const log = await cluster.logs({ namespace: 'kube-system', name: pod.metadata.name, tailLines: 5 });
  return (log ?? '').split('\n').filter((line) => line.trim() !== '');
}
