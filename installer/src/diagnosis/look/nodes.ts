import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText, eventsOf, eventText } from '../words.ts';

const pressures = [
  ['disk', 'DiskPressure'],
  ['memory', 'MemoryPressure'],
  ['pid', 'PIDPressure'],
] as const;

/** Nodes that are not Ready, or under pressure, or held while they are drained. */
export function nodeTroubles(seen: Survey): readonly Trouble[] {
  return seen
    .of('Node')
    .flatMap((node) => [
      ...notReady(node, seen),
      ...pressures.flatMap(([what, type]) => pressed(node, what, type, seen)),
      ...rejected(node, seen),
      ...heldInDrain(node, seen),
    ]);
}

function aboutNode(node: Json, message: string): About {
  const object = objectName(node);
  return { key: object, object, name: object, rank: rank.node, code: 'NODE-NOT-READY', message };
}

function notReady(node: Json, seen: Survey): readonly Trouble[] {
  const ready = conditionOf(node, 'Ready');
  if (ready?.status === 'True') return [];
  const { name } = node.metadata;
  const about: About = {
    ...aboutNode(node, `node ${name} is not Ready`),
    evidence:
      ready === undefined ? [] : [conditionText(ready, seen.now), `last reported at ${ready.lastHeartbeatTime}`],
    blames: pressures.map(([what]) => `${objectName(node)} ${what}`),
  };
  const policy = policyUnderWay(name, seen);
  if (policy !== undefined)
    return [known(about, signature(52), { node: name, name: policy }, clipped(ready?.message ?? ''))];
  const said: string = ready?.message ?? 'its kubelet has not said anything yet';
  const fits = meaningOf(said);
  if (fits !== undefined) return [known(about, fits, { node: name }, clipped(said))];
  const remedies = [`journalctl --unit k3s --lines 100          on ${name}`, `kubectl describe node ${name}`] as const;
  return [unknown(about, remedies, clipped(said))];
}

/** The policy that nmstate is applying to the node right now. */
function policyUnderWay(node: string, seen: Survey): string | undefined {
  const enactment = seen.of('NodeNetworkConfigurationEnactment').find((one) => {
    const isHere = one.metadata.labels?.['nmstate.io/node'] === node || one.metadata.name.startsWith(`${node}.`);
    return isHere && conditionOf(one, 'Progressing')?.status === 'True';
  });
  return enactment?.metadata.labels?.['nmstate.io/policy'] ?? enactment?.metadata.name.slice(node.length + 1);
}

function pressed(node: Json, what: 'disk' | 'memory' | 'pid', type: string, seen: Survey): readonly Trouble[] {
  const condition = conditionOf(node, type);
  if (condition?.status !== 'True') return [];
  const { name } = node.metadata;
  const events = eventsOf(seen, node).filter(({ reason }) =>
    /^(ImageGCFailed|FreeDiskSpaceFailed|Evict|SystemOOM)/.test(reason),
  );
  const about: About = {
    ...aboutNode(node, `node ${name} has ${type}`),
    key: `${objectName(node)} ${what}`,
    evidence: [conditionText(condition, seen.now), ...events.slice(-2).map((event) => eventText(event, seen.now))],
  };
  if (what === 'disk') return [known(about, signature(7), { node: name })];
  const resource = what === 'pid' ? 'processes' : 'memory';
  return [
    plain(about, {
      title: `Node ${name} short of ${resource}`,
      because: [`programs on the machine take nearly all ${resource} there are, so the kubelet evicts pods`],
      remedies: [
        `kubectl get pods --all-namespaces --field-selector spec.nodeName=${name}          what runs there`,
        what === 'pid'
          ? `ps -eo user= | sort | uniq -c | sort -n          on ${name}: who has so many`
          : `free -m && ps aux --sort=-rss | head          on ${name}`,
      ],
    }),
  ];
}

function rejected(node: Json, seen: Survey): readonly Trouble[] {
  const event = eventsOf(seen, node).findLast(({ reason }) => reason === 'NodePasswordValidationFailed');
  if (event === undefined) return [];
  const { name } = node.metadata;
  const about: About = {
    ...aboutNode(node, `the server does not believe that ${name} is ${name}`),
    key: `${objectName(node)} password`,
    evidence: [eventText(event, seen.now)],
  };
  return [known(about, signature(3), { node: name })];
}

function heldInDrain(node: Json, seen: Survey): readonly Trouble[] {
  if (node.spec?.unschedulable !== true) return [];
  const { name } = node.metadata;
  const managers = seen
    .of('Pod')
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === 'longhorn-system' &&
        spec.nodeName === name &&
        metadata.name.startsWith('instance-manager'),
    )
    .map(({ metadata }) => metadata.name);
  const budget = seen
    .of('PodDisruptionBudget')
    .find(({ metadata, status }) => managers.includes(metadata.name) && status?.disruptionsAllowed === 0);
  if (budget === undefined) return [];
  const about: About = {
    ...aboutNode(node, `node ${name} is cordoned, and Longhorn does not let its instance-manager go`),
    key: `${objectName(node)} drain`,
    code: 'COMPONENT-FAILED',
    evidence: [`${objectName(budget)} allows 0 disruptions`],
  };
  return [known(about, signature(80), { node: name })];
}
