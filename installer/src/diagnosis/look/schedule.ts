import type { Json } from '#kube/json';
import { objectName, podsOf } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, type Trouble } from '../trouble.ts';
import { conditionText, isTrue } from '../words.ts';
import { claimsIn } from './claims-of-pod.ts';

const affinity = /didn't match Pod's node affinity\/selector/;

/** A pod that fits no node: because of the nodes, of what it asks for, or of a volume that is not there. */
export function unscheduled(pod: Json, condition: Json, about: About, seen: Survey): Trouble {
  const said: string = condition.message ?? condition.reason;
  const told: About = {
    ...about,
    message: `${about.object} fits no node`,
    evidence: [conditionText(condition, seen.now)],
    blames: blamedBy(pod, said, seen),
  };
  const { namespace, name } = pod.metadata;
  const place = { namespace, pod: name, name };
  if (affinity.test(said) && !isLauncher(pod))
    return namespace === 'kubevirt' ? known(told, signature(63), place, said) : unlike(told, said);
  const fits = meaningOf(said);
  return fits === undefined ? plain(told, reasonOf(said, namespace, told)) : known(told, fits, place, said);
}

function isLauncher({ metadata }: Json): boolean {
  return metadata.labels?.['kubevirt.io'] === 'virt-launcher';
}

function unlike(about: About, said: string): Trouble {
  return plain(about, {
    title: `No node for ${about.name}`,
    because: ['no node has the labels that it asks for', said],
    remedies: ['kubectl get nodes --show-labels          and compare with nodeSelector and affinity of the pod'],
  });
}

function blamedBy(pod: Json, said: string, seen: Survey): readonly string[] {
  const nodes = seen.of('Node');
  const down = nodes.filter((node) => !isTrue(node, 'Ready')).map(objectName);
  const pressed = ['disk', 'memory', 'pid'].flatMap((what) =>
    said.includes(`node.kubernetes.io/${what}-pressure`) ? nodes.map((node) => `${objectName(node)} ${what}`) : [],
  );
  const claims = /PersistentVolumeClaim/i.test(said)
    ? claimsIn(pod).map((name) => `PersistentVolumeClaim ${pod.metadata.namespace}/${name}`)
    : [];
  const handlers =
    isLauncher(pod) || /devices\.kubevirt\.io/.test(said) ? podsOf(seen.of('Pod'), 'virt-handler').map(objectName) : [];
  const untolerated = /node\.kubernetes\.io\/(unreachable|not-ready)/.test(said) || down.length === nodes.length;
  return [...(untolerated ? down : []), ...pressed, ...claims, ...handlers];
}

function reasonOf(said: string, namespace: string, { name }: About) {
  const lacks = [...said.matchAll(/Insufficient ([\w./-]+)/g)].map(([, what]) => what);
  const [, claim] = /persistentvolumeclaim "([^"]+)" not found/.exec(said) ?? [];
  if (claim !== undefined)
    return {
      title: `PVC ${namespace}/${claim} missing`,
      because: [`it uses the PersistentVolumeClaim ${claim}, which does not exist`, said],
      remedies: [`kubectl -n ${namespace} get pvc          what is there under another name`] as const,
    };
  const why = lacks.length === 0 ? [] : [`the nodes have too little ${[...new Set(lacks)].join(' and ')} left`];
  return {
    title: `No node for ${name}`,
    because: [...why, said],
    remedies: ['kubectl describe nodes          what they offer, and what is taken'] as const,
  };
}
