import type { Json } from '#kube/json';
import { podsOf } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText, sentenceOf } from '../words.ts';

/** A disk that has just been added is given so long to be measured. */
const patience = 120_000;

/** What Longhorn says of its nodes, disks and engine images. */
export function longhornTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...withoutDisks(seen),
    ...seen
      .of('LonghornNode')
      .flatMap((node) => [...nodeConditions(node, seen), ...multipathd(node, seen), ...diskConditions(node, seen)]),
    ...seen.of('EngineImage').flatMap((one) => undeployed(one) ?? []),
  ];
}

function aboutNode({ metadata }: Json, message: string): About {
  const object = `nodes.longhorn.io ${metadata.name}`;
  return { key: object, object, name: 'Longhorn', rank: rank.storage, code: 'COMPONENT-FAILED', message };
}

function withoutDisks(seen: Survey): readonly Trouble[] {
  const nodes = seen.of('LonghornNode');
  const [first] = nodes;
  if (first === undefined || nodes.some(({ spec }) => Object.keys(spec?.disks ?? {}).length > 0)) return [];
  const names = nodes.map(({ metadata }) => metadata.name).join(', ');
  const about: About = {
    ...aboutNode(first, `Longhorn has no disk on ${names}, so no volume can be made`),
    key: 'Longhorn disks',
    evidence: nodes.map(({ metadata }) => `nodes.longhorn.io ${metadata.name}: spec.disks is empty`),
  };
  return [known(about, signature(36), { node: first.metadata.name })];
}

/** Conditions that are wrong when they are not True. */
const wanted = ['MountPropagation', 'RequiredPackages', 'KernelModulesLoaded', 'NFSClientInstalled', 'Ready'];

/** The most particular complaint: that a node is not Ready says less than why. */
function nodeConditions(node: Json, seen: Survey): readonly Trouble[] {
  const name: string = node.metadata.name;
  const wrong = wanted.map((type) => conditionOf(node, type)).filter((one) => one?.status === 'False');
  return wrong.slice(0, 1).map((condition) => {
    const about: About = {
      ...aboutNode(node, `Longhorn does not trust the node ${name}`),
      evidence: wrong.map((one) => conditionText(one, seen.now)),
      blames: [`Node ${name}`, ...podsOf(seen.of('Pod'), 'longhorn-manager', name).map(podKey)],
    };
    const said = `${condition.reason} ${condition.message}`;
    const fits = meaningOf(said);
    if (fits !== undefined) return known(about, fits, { node: name }, clipped(condition.message));
    return unknown(
      about,
      [`kubectl -n longhorn-system describe nodes.longhorn.io ${name}`],
      clipped(condition.message),
    );
  });
}

const held = signature(40).pattern ?? /^$/;

/** multipathd may run as long as it leaves the disks of volumes alone; the API shows only when it does not. */
function multipathd(node: Json, seen: Survey): readonly Trouble[] {
  const { name } = node.metadata;
  const condition = conditionOf(node, 'Multipathd');
  const hasTaken = seen.of('Event').some(({ message }) => held.test(message ?? ''));
  if (condition?.status !== 'False' || !hasTaken) return [];
  const about: About = {
    ...aboutNode(node, `multipathd runs on ${name}, and a volume is held by somebody`),
    key: `nodes.longhorn.io ${name} multipathd`,
    evidence: [conditionText(condition, seen.now)],
  };
  const fits = meaningOf(condition.reason) ?? signature(40);
  return [known(about, fits, { node: name }, clipped(condition.message))];
}

function podKey({ metadata }: Json): string {
  return `Pod ${metadata.namespace}/${metadata.name}`;
}

function diskConditions(node: Json, seen: Survey): readonly Trouble[] {
  const name: string = node.metadata.name;
  return Object.keys(node.spec?.disks ?? {}).flatMap((disk) => {
    const status = node.status?.diskStatus?.[disk];
    const about: About = {
      ...aboutNode(node, `the disk ${disk} of Longhorn on ${name} is not ready`),
      key: `nodes.longhorn.io ${name} ${disk}`,
    };
    if (status === undefined) return unmeasured(about, node, seen);
    const bad = ['Ready', 'Schedulable']
      .map((type) => conditionOf({ status }, type))
      .find((one) => one?.status === 'False');
    return bad === undefined ? [] : [badDisk(about, bad, name, seen)];
  });
}

function badDisk(about: About, condition: Json, node: string, seen: Survey): Trouble {
  const told: About = {
    ...about,
    evidence: [conditionText(condition, seen.now)],
    blames: [`Node ${node}`, `nodes.longhorn.io ${node}`],
  };
  // The kubelet has a condition of the same name, which means the machine.
  if (condition.reason === 'DiskPressure')
    return plain(told, {
      title: 'Longhorn disk full',
      because: ['less is free on it than Longhorn wants to keep free', clipped(condition.message)],
      remedies: [
        `df -h /var/lib/longhorn          on ${node}`,
        'kubectl -n longhorn-system get volumes.longhorn.io          what may be deleted, snapshots too',
      ],
    });
  const fits = meaningOf(`${condition.reason} ${condition.message}`);
  if (fits !== undefined) return known(told, fits, { node }, clipped(condition.message));
  return unknown(told, [`kubectl -n longhorn-system describe nodes.longhorn.io ${node}`], clipped(condition.message));
}

/** A disk without a state: the manager says why, if it does not pass by itself. */
function unmeasured(about: About, { metadata }: Json, seen: Survey): readonly Trouble[] {
  const node: string = metadata.name;
  if (seen.now - Date.parse(metadata.creationTimestamp ?? '') < patience) return [];
  const managers = podsOf(seen.of('Pod'), 'longhorn-manager', node);
  const lines = managers.flatMap((pod) => seen.log(pod, 'longhorn-manager'));
  const line = lines.findLast((one) => signature(38).pattern?.test(one));
  const told: About = {
    ...about,
    message: `Longhorn has not measured ${about.message.replace(/ is not ready$/, '')}`,
    blames: managers.map(podKey),
  };
  if (line === undefined) return [unknown(told, [`kubectl -n longhorn-system describe nodes.longhorn.io ${node}`])];
  const evidence = [`log of longhorn-manager: ${sentenceOf(line)}`];
  return [known({ ...told, evidence }, signature(38), { node })];
}

function undeployed(image: Json): Trouble | undefined {
  const state: string = image.status?.state ?? 'unknown';
  if (state === 'deployed' || state === 'ready') return undefined;
  const { name, namespace } = image.metadata;
  const object = `engineimages.longhorn.io ${name}`;
  const about: About = {
    key: object,
    object,
    name: 'Longhorn',
    rank: rank.storage,
    code: 'COMPONENT-FAILED',
    message: `the engine image ${image.spec?.image ?? name} is ${state}`,
  };
  return unknown(
    about,
    [`kubectl -n ${namespace} get pods -o wide | grep engine-image`],
    `it has to be deployed on every node`,
  );
}
