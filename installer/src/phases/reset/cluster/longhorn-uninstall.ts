import { Fault } from '#engine/fault';
import { type Act, type Gate, minute, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { gate, met, unmet } from '../../verbs/condition.ts';
import { finding } from '../../verbs/finding.ts';
import { refOf } from '../../verbs/object-name.ts';
import { applyPatiently } from '../../verbs/objects-applied.ts';
import { Persistence } from '../../verbs/persistence.ts';
import { pastWebhooks, removeAndWait } from '../removal/gone.ts';
import { absence } from '../removal/keepers.ts';
import { uninstallJob, uninstallObjects } from './longhorn-uninstall-objects.ts';

const namespace = 'longhorn-system';
const manager = { kind: 'DaemonSet', namespace, name: 'longhorn-manager' } as const;
const flag: ObjectRef = {
  apiVersion: 'longhorn.io/v1beta2',
  kind: 'Setting',
  namespace,
  name: 'deleting-confirmation-flag',
};

/** Longhorn's own way out: it is told that deletion is meant, and a Job of its own takes everything down. */
export function longhornUninstalled(site: Site): Step {
  return {
    id: 'reset-longhorn/uninstall',
    title: 'Let Longhorn uninstall itself',
    async probe({ cluster }) {
      const live = await cluster.get({ apiVersion: 'apps/v1', ...manager });
      return finding(
        live === undefined ? [] : [{ what: 'Longhorn', from: 'installed', to: 'uninstalled by its own Job' }],
      );
    },
    async apply(stage, act) {
      await act.waitFor(managerReady());
      if ((await absence(manager, stage.cluster)) !== undefined) return abandonManager(stage, act);
      await pastWebhooks(() => stage.cluster.merge(flag, { value: 'true' }), stage, act);
      await runJob(site, stage, act);
    },
  };
}

/** A manager that does not come up cannot uninstall anything; the next step does it the hard way. */
function managerReady(): Gate {
  const lasting = new Persistence();
  const about = { title: 'longhorn-manager to be ready to uninstall', soft: 1 * minute, hard: 5 * minute };
  return gate({ ...about, every: 5 * second }, async ({ cluster, now }) => {
    const why = await absence(manager, cluster);
    if (why === undefined) return met('longhorn-manager is ready');
    if (lasting.since(why, now()) < 2 * minute) return unmet(why);
    return met(`${why} for 2 min: it cannot uninstall Longhorn, so its objects are removed one by one`);
  });
}

async function abandonManager(stage: Stage, act: Act): Promise<void> {
  const live = await stage.cluster.get({ apiVersion: 'apps/v1', ...manager });
  if (live !== undefined) await removeAndWait([live], stage, act);
}

/** A Job that has ended badly is made anew: it is an earlier run's, or what it stumbled over may be mended. */
async function runJob(site: Site, stage: Stage, act: Act): Promise<void> {
  const before = await stage.cluster.get(uninstallJob);
  if (before !== undefined && ending(before) === 'Failed') await removeAndWait([before], stage, act);
  const daemons = await stage.cluster.get({ apiVersion: 'apps/v1', ...manager });
  for (const object of uninstallObjects(imageOf(daemons, site))) await applyPatiently(object, stage, act);
  await act.waitFor(jobDone);
  const job = await stage.cluster.get(uninstallJob);
  if (job !== undefined) await stage.cluster.remove(refOf(job), { propagation: 'Background' });
}

/** The program that is installed takes itself down, whatever this release would install. */
function imageOf(daemons: Json, { catalog }: Site): string {
  const image = daemons?.spec?.template?.spec?.containers?.[0]?.image;
  return image ?? catalog.components.longhorn.images[0]?.reference ?? '';
}

const jobDone: Gate = gate(
  { title: 'Longhorn to uninstall itself', soft: 2 * minute, hard: 16 * minute },
  async (sight) => {
    const job = await sight.cluster.get(uninstallJob);
    if (job === undefined) return unmet('its Job has not been made yet');
    const end = ending(job);
    if (end === 'Complete') return met('the Job longhorn-uninstall has completed');
    if (end === 'Failed') return unmet('its Job has failed', { hopeless: await failed(sight) });
    const words = await lastWords(sight);
    return unmet(words.at(-1) ?? 'its Job has not said anything yet');
  },
);

function ending({ status }: Json): string | undefined {
  return (status?.conditions ?? []).find(
    (one: Json) => ['Complete', 'Failed'].includes(one.type) && one.status === 'True',
  )?.type;
}

async function lastWords({ cluster }: Sight): Promise<readonly string[]> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: 'job-name=longhorn-uninstall' };
  const pods: readonly KubeObject[] = await cluster.list(query);
  const pod = pods.at(-1);
  if (pod === undefined) return [];
  const log = await cluster.logs({ namespace, name: pod.metadata.name, tailLines: 20 });
  const lines = (log ?? '').split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line);
}

async function failed(sight: Sight): Promise<Fault> {
  const words = await lastWords(sight);
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: 'Longhorn could not uninstall itself',
    ...(words.length === 0 ? {} : { cause: words.at(-1) }),
    where: [`object Job ${namespace}/longhorn-uninstall`],
    evidence: words.slice(-5),
    remedy: [
      `kubectl --namespace ${namespace} get volumes.longhorn.io          what it may not let go of`,
      'run the same command again: the Job is started anew',
    ],
  });
}
