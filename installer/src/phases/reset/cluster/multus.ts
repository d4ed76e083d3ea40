import type { Act, Change, Phase, Step } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { configurationNames, multusPaths } from '../../multus/multus-paths.ts';
import { finding } from '../../verbs/finding.ts';
import { removeAndWait } from '../removal/gone.ts';
import { allOf } from '../removal/kinds.ts';
import { groupsOf, parts } from '../removal/parts.ts';
import { condensed } from '../removal/taken-off.ts';
import { phase } from './component-phases.ts';
import { cleanNodes } from './multus-cleaner.ts';

const daemonSet: ObjectRef = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'kube-multus-ds',
};

/** Where Multus keeps its files on a node. */
export interface Folders {
  readonly configuration: string;
  readonly binaries: string;
}

/**
 * First what writes the files, then the files on every node, and the kind last: as long as it is there, the files have
 * not been looked after. A configuration that stays behind keeps every new pod of its node from starting.
 */
export function multusOff(site: Site): Phase {
  const step: Step = {
    id: 'reset-multus/off',
    title: 'Take Multus out of the network of every node',
    async probe(sight) {
      const objects = (await groupsOf(sight.cluster, parts.multus)).flat();
      const files = await filesHere(site, sight);
      return finding([
        ...condensed(objects),
        ...files.map((path): Change => ({ what: path, from: 'there', to: 'absent' })),
      ]);
    },
    apply: (stage, act) => takeOut(site, stage, act),
  };
  return phase('reset-multus', 'Take off Multus', [step]);
}

async function takeOut(site: Site, stage: Stage, act: Act): Promise<void> {
  const folders = foldersOf(await stage.cluster.get(daemonSet), site);
  const [, workers = []] = await groupsOf(stage.cluster, parts.multus);
  if (workers.length > 0) await removeAndWait(workers, stage, act);
  // As long as one of its pods lives, it writes the files anew.
  const pods = await allOf(stage.cluster, [{ apiVersion: 'v1', kind: 'Pod' }], 'app=multus');
  if (pods.length > 0) await removeAndWait(pods, stage, act);
  for (const path of await filesHere(site, stage)) await stage.host.remove(path);
  const definitions = (await groupsOf(stage.cluster, parts.multus)).flat();
  if (definitions.some(isDefinition)) await cleanNodes(site, folders, stage, act);
  for (const group of await groupsOf(stage.cluster, parts.multus))
    if (group.length > 0) await removeAndWait(group, stage, act);
}

function isDefinition({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}

/** What is installed knows best; without it the profile does. */
function foldersOf(live: Json, site: Site): Folders {
  const volumes: readonly Json[] = live?.spec?.template?.spec?.volumes ?? [];
  const path = (name: string) => volumes.find((one) => one.name === name)?.hostPath?.path?.replace(/\/$/, '');
  const { configuration, binaries } = multusPaths(site);
  return { configuration: path('cni') ?? configuration, binaries: path('cnibin') ?? binaries };
}

/** The files of Multus on this machine. */
async function filesHere(site: Site, { host }: Sight): Promise<readonly string[]> {
  if (host.outOfReach === true) return [];
  const { configuration, binaries, kubeconfig } = multusPaths(site);
  const all = [...configurationNames.map((name) => `${configuration}/${name}`), kubeconfig, `${binaries}/multus`];
  const there = await Promise.all(all.map(async (path) => ((await host.look(path)) === undefined ? [] : [path])));
  return there.flat();
}
