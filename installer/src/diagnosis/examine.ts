import type { Json } from '#kube/json';
import { certificateTroubles } from './look/certificates.ts';
import { claimTroubles } from './look/claims.ts';
import { logsWanted } from './look/containers.ts';
import { dataVolumeTroubles } from './look/data-volumes.ts';
import { hostNetworkTroubles } from './look/host-network.ts';
import { leftoverTroubles } from './look/leftovers.ts';
import { longhornTroubles } from './look/longhorn.ts';
import { longhornVolumeTroubles } from './look/longhorn-volumes.ts';
import { machineTroubles } from './look/machines.ts';
import { isInstanceManager } from './look/mounting.ts';
import { nodeTroubles } from './look/nodes.ts';
import { operatorTroubles } from './look/operators.ts';
import { isWell, podTroubles } from './look/pods.ts';
import { blamedWebhooks, silentIn } from './look/webhook-text.ts';
import { webhookTroubles } from './look/webhooks.ts';
import { wishTroubles } from './look/wishes.ts';
import { workloadTroubles } from './look/workloads.ts';
import { plays } from './names.ts';
import type { LogQuery, Survey } from './survey.ts';
import type { Trouble } from './trouble.ts';

const looks = [
  nodeTroubles,
  podTroubles,
  workloadTroubles,
  webhookTroubles,
  claimTroubles,
  longhornTroubles,
  longhornVolumeTroubles,
  operatorTroubles,
  dataVolumeTroubles,
  machineTroubles,
  wishTroubles,
  hostNetworkTroubles,
  certificateTroubles,
  leftoverTroubles,
];

/** Everything that is not as it should be; pure. `heard` is what was said by webhooks that were asked. */
export function examine(seen: Survey, heard: readonly string[]): readonly Trouble[] {
  const found = looks.flatMap((look) => look(seen)).map(blamingWebhooks);
  const keys = new Set(found.map(({ key }) => key));
  const texts = [...heard, ...found.flatMap(({ because, evidence }) => [...because, ...evidence])];
  const silent = texts.flatMap((text) => silentIn(text) ?? []).filter(({ key }) => !keys.has(key));
  return [...found, ...new Map(silent.map((one) => [one.key, one])).values()];
}

/** Whatever quotes a webhook that does not answer is so because of that. */
function blamingWebhooks(trouble: Trouble): Trouble {
  const named = [...trouble.because, ...trouble.evidence].flatMap(blamedWebhooks);
  return named.length === 0 ? trouble : { ...trouble, blames: [...trouble.blames, ...named] };
}

/** More logs than that are no longer read by anybody. */
const most = 40;

/** Logs of what is not well, and of those who know why others are not. */
export function logsFor(seen: Survey): readonly LogQuery[] {
  const pods = seen.of('Pod');
  const unwell = pods.filter((pod) => !isWell(pod)).flatMap(logsWanted);
  const failed = pods.filter(({ status }) => status?.phase === 'Failed').map((pod) => whole(pod));
  const witnesses = pods.filter((pod) => isWell(pod) && isWitness(pod)).map((pod) => whole(pod));
  return [...unwell, ...failed, ...witnesses].slice(0, most);
}

function whole(pod: Json): LogQuery {
  return { pod, container: pod.spec.containers[0].name, previous: false };
}

function isWitness(pod: Json): boolean {
  return plays(pod, 'longhorn-manager') || plays(pod, 'coredns') || isInstanceManager(pod);
}
