import type { Fault } from '#engine/fault';
import type { Gate } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { gate, met, unmet } from './condition.ts';
import { nameOf, refOf } from './object-name.ts';
import { Persistence } from './persistence.ts';
import { podTrouble } from './pod-trouble.ts';

export interface TrialGate {
  /** In the middle of a sentence: "a pod to resolve kubernetes.default". */
  readonly title: string;
  readonly pod: KubeObject;
  readonly soft: number;
  readonly hard: number;
  /** What it means that the pod ended with an error; `log` is what it printed. */
  failed(log: readonly string[], sight: Sight): Fault | Promise<Fault>;
  /** What the report shows. Default: the last line that the pod printed. */
  evidence?(log: readonly string[], pod: Json): readonly string[];
}

/** A trial pod ended well. A pod that ended badly will not do better: the trial has retried by itself. */
export function trialSucceeds(trial: TrialGate): Gate {
  const { title, pod, soft, hard } = trial;
  const { namespace = 'default', name } = pod.metadata;
  const lasting = new Persistence();
  return gate({ title, soft, hard }, async (sight) => {
    const live = await sight.cluster.get(refOf(pod));
    if (live === undefined) return unmet(`${nameOf(pod)} does not exist yet`);
    const { phase } = live['status'] ?? {};
    if (phase === 'Succeeded' || phase === 'Failed') {
      const log = ((await sight.cluster.logs({ namespace, name, tailLines: 20 })) ?? '').split('\n').filter(Boolean);
      if (phase === 'Failed') return unmet(`${nameOf(pod)} failed`, { hopeless: await trial.failed(log, sight) });
      return met(...(trial.evidence?.(log, live) ?? log.slice(-1)));
    }
    const trouble = await podTrouble(live, sight, lasting);
    return unmet(trouble?.because ?? `${nameOf(pod)} has not ended yet`, trouble);
  });
}
