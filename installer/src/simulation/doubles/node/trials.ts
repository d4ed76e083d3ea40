import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import { kindPath } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import { matchesLabels } from '../selector.ts';
import { clusterDns } from './dns.ts';
import type { Process, Program } from './program.ts';

/** What a probe pod of the installer found out; its lines are its log. */
interface Finding {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

type Trial = (process: Process, annotation: (name: string) => string | undefined) => Promise<Finding>;

/** The label by which the simulation knows a probe pod; the value is one of the trials below. */
const LABEL = 'novasphere.dev/trial';
/** Where a volume's text is kept: it lives and dies with its PersistentVolume. */
export const CONTENT = 'simulation.novasphere.dev/content';
const NETWORKS = 'k8s.v1.cni.cncf.io/network-status';

/** Every trial that probe pods may ask for, with what would happen in a real pod. */
const TRIALS: Readonly<Record<string, Trial>> = {
  dns: (process, annotation) => resolves(process, annotation('trial-name') ?? 'kubernetes.default.svc.cluster.local'),
  hairpin: (process, annotation) => reachesItself(process, annotation('trial-service') ?? process.pod.metadata.name),
  plain: async ({ pod }) => ({ ok: true, lines: [String(pod['status']?.podIP ?? '')] }),
  'second-nic': async ({ pod }) => listsNetworks(pod),
  volume: (process, annotation) => usesVolume(process, annotation('writes'), annotation('reads')),
  errand: async ({ machine }, annotation) => takesAway(machine, annotation('removes') ?? ''),
  reach: (process, annotation) => reaches(process, annotation('trial-address') ?? '', annotation('trial-port') ?? '22'),
};

export const trialProgram: Program = {
  name: 'trial',
  fits: (_container, pod) => pod.metadata.labels?.[LABEL] !== undefined,
  async run(process) {
    const kind = process.pod.metadata.labels?.[LABEL] ?? '';
    const trial = TRIALS[kind];
    if (trial === undefined) throw new Error(`no trial is called ${kind}: teach it to doubles/node/trials.ts`);
    const { ok, lines } = await trial(process, (name) => process.pod.metadata.annotations?.[`novasphere.dev/${name}`]);
    await process.sleep(1);
    for (const line of lines) process.say(line);
    return { exitCode: ok ? 0 : 1 };
  },
};

/** `nslookup` of busybox. */
async function resolves(process: Process, name: string): Promise<Finding> {
  const dns = await clusterDns(process.stage);
  const [service = '', namespace = 'default'] = name.split('.');
  const found = dns === undefined ? undefined : await serviceNamed(process, namespace, service);
  if (dns === undefined) {
    await process.sleep(10);
    return { ok: false, lines: [';; connection timed out; no servers could be reached'] };
  }
  const head = [`Server:\t\t${dns}`, `Address:\t${dns}:53`, ''];
  const address: string | undefined = found?.['spec'].clusterIP;
  if (address === undefined) return { ok: false, lines: [...head, `** server can't find ${name}: NXDOMAIN`] };
  return { ok: true, lines: [...head, `Name:\t${name}`, `Address: ${address}`] };
}

function serviceNamed({ stage }: Process, namespace: string, name: string): Promise<KubeObject | undefined> {
  return stage.api.get(`${kindPath('v1', 'Service', namespace)}/${name}`);
}

async function reachesItself(process: Process, name: string): Promise<Finding> {
  const { stage } = process;
  const { namespace = 'default', labels } = process.pod.metadata;
  const service = await serviceNamed(process, namespace, name);
  if (service === undefined) return { ok: false, lines: [`wget: bad address '${name}'`] };
  const { clusterIP, ports, selector } = service['spec'];
  const at = `${clusterIP}:${ports?.[0]?.port}`;
  if (stage.bench.troubles.has('hairpin-broken')) {
    return { ok: false, lines: [`wget: can't connect to remote host (${clusterIP}): Connection timed out`] };
  }
  if (selector === undefined || !matchesLabels(selector, labels)) {
    return { ok: false, lines: [`wget: can't connect to remote host (${clusterIP}): Connection refused`] };
  }
  return { ok: true, lines: [`reached ${name} at ${at}`] };
}

function listsNetworks(pod: KubeObject): Finding {
  const networks: Json[] = JSON.parse(pod.metadata.annotations?.[NETWORKS] ?? '[]');
  const lines = networks.map((one) => `${one.interface} ${(one.ips ?? []).join(' ')}`.trim());
  return { ok: networks.length >= 2, lines: lines.length === 0 ? ['eth0'] : lines };
}

/** A text in the first claim of the pod: written, or read back. */
async function usesVolume(process: Process, writes: string | undefined, reads: string | undefined): Promise<Finding> {
  const { stage, pod, container } = process;
  const claimName = (pod['spec'].volumes ?? []).find((one: Json) => one.persistentVolumeClaim)?.persistentVolumeClaim
    .claimName;
  const claim = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', pod.metadata.namespace)}/${claimName}`);
  const path = `/api/v1/persistentvolumes/${claim?.['spec'].volumeName}`;
  if (writes !== undefined) await stage.api.patch(path, { metadata: { annotations: { [CONTENT]: writes } } });
  if (reads === undefined) return { ok: true, lines: [] };
  const forgets = stage.bench.troubles.has('storage-forgets');
  const text = forgets ? undefined : (await stage.api.get(path))?.metadata.annotations?.[CONTENT];
  const where = container.volumeMounts?.[0]?.mountPath ?? container.volumeDevices?.[0]?.devicePath ?? '';
  return text === undefined
    ? { ok: false, lines: [`cat: can't open '${where}/trial': No such file or directory`] }
    : { ok: true, lines: [text] };
}

/** Files of the machine, through a mount of one of its directories; a link has no place in the simulated machine. */
function takesAway(machine: Machine, words: string): Finding {
  for (const path of words.split(' ').filter((word) => word.startsWith('/'))) machine.remove(path);
  return { ok: true, lines: [] };
}

async function reaches({ stage }: Process, address: string, port: string): Promise<Finding> {
  const machines = await stage.api
    .list(kindPath('kubevirt.io/v1', 'VirtualMachineInstance'))
    .catch(() => ({ items: [] }));
  const guest = machines.items.some((vmi: Json) =>
    (vmi.status?.interfaces ?? []).some((one: Json) => one.ipAddress === address),
  );
  const pods = await stage.api.list(kindPath('v1', 'Pod'));
  const pod = pods.items.some((one: Json) => one.status?.podIP === address && isReady(one));
  const open = guest ? !stage.bench.troubles.has('guest-silent') : pod;
  const at = `${address} (${address}:${port})`;
  return { ok: open, lines: [open ? `${at} open` : `nc: ${at}: Connection timed out`] };
}
