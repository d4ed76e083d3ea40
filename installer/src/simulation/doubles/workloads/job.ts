import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import { isReady, type OwnedPods } from '../owned-pods.ts';
import { conditionOf, withConditions, writeStatus } from '../status.ts';

/** Runs a Job's pods until enough succeeded or too many failed. */
export async function syncJob(stage: Stage, pods: OwnedPods, job: KubeObject): Promise<number | undefined> {
  if (job.metadata.deletionTimestamp !== undefined) return undefined;
  if (conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed')) return await tidy(stage, job);
  const { completions = 1, parallelism = 1, backoffLimit = 6, suspend = false } = job['spec'];
  const all = pods.all(job);
  const succeeded = all.filter((pod) => pod['status']?.phase === 'Succeeded').length;
  const failed = all.filter((pod) => pod['status']?.phase === 'Failed').length;
  const over = failed > backoffLimit;
  const room = suspend || over ? 0 : Math.min(parallelism, completions - succeeded) - pods.active(job).length;
  for (let missing = room; missing > 0; missing--) await pods.make(job, job['spec'].template, { labels: labels(job) });
  const conditions = over ? FAILED : succeeded >= completions ? DONE : [];
  await report(stage, pods, job, { succeeded, failed }, conditions);
  return conditions.length === 0 ? undefined : await tidy(stage, job);
}

const DONE = [
  {
    type: 'SuccessCriteriaMet',
    status: 'True',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  },
  {
    type: 'Complete',
    status: 'True',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  },
];
const FAILED = [
  {
    type: 'FailureTarget',
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  },
  {
    type: 'Failed',
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  },
];

function labels(job: KubeObject): Json {
  const { name, uid } = job.metadata;
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

async function report(
  stage: Stage,
  pods: OwnedPods,
  job: KubeObject,
  { succeeded, failed }: { succeeded: number; failed: number },
  conditions: typeof DONE,
): Promise<void> {
  const now = stage.now();
  const active = pods.active(job);
  const done = conditions === DONE;
  await writeStatus(stage, job, {
    startTime: job['status']?.startTime ?? now,
    active: active.length || null,
    ready: active.filter(isReady).length,
    succeeded: succeeded || null,
    failed: failed || null,
    terminating: 0,
    ...(done ? { completionTime: now } : {}),
    ...(conditions.length === 0
      ? {}
      : {
          conditions: withConditions(
            job['status']?.conditions,
            now,
            conditions.map((one) => ({ ...one, lastProbeTime: now })),
          ),
        }),
  });
}

async function tidy(stage: Stage, job: KubeObject): Promise<number | undefined> {
  const ttl: number | undefined = job['spec'].ttlSecondsAfterFinished;
  if (ttl === undefined) return undefined;
  const ended = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed');
  const left =
    ended === undefined ? ttl : ttl - (stage.bench.clock.now() - Date.parse(ended.lastTransitionTime)) / 1000;
  if (left > 0) return left;
  await stage.api.remove(pathOf(job), { propagationPolicy: 'Background' });
  return undefined;
}
