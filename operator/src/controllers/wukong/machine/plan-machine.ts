import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { vmName, type Wukong } from '../../../api/wukong.ts';
import { childMeta } from '../child-meta.ts';
import type { CloudInitPlan, DisksPlan, NetworksPlan } from '../plan.ts';
import { affinityOf, groupLabel } from './affinity.ts';
import { domainOf } from './domain.ts';
import { runStrategyOf } from './run-strategy.ts';

/** What the machine is put together from. */
export interface MachineParts {
  readonly networks: Pick<NetworksPlan, 'interfaces' | 'networks'>;
  readonly disks: Pick<DisksPlan, 'disks' | 'volumes'>;
  readonly cloudInit: Pick<CloudInitPlan, 'disks' | 'volumes'>;
}

/** The KubeVirt machine of a Wukong: only fields that are ours, each list whole and each entry explicit. */
export function planMachine(wukong: Wukong, parts: MachineParts): KubeObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: childMeta(wukong, vmName(wukong)),
    spec: {
      runStrategy: runStrategyOf(wukong),
      template: { metadata: { labels: podLabels(wukong) }, spec: instance(wukong, parts) },
    },
  };
}

/** They reach the pod of the machine, where Services, policies and other machines' anti-affinity look. */
function podLabels(wukong: Wukong): Readonly<Record<string, string>> {
  const group = wukong.metadata.labels?.[groupLabel];
  return {
    'app.kubernetes.io/managed-by': 'novasphere-operator',
    'kubevirt.io/vm': vmName(wukong),
    ...(group === undefined ? {} : { [groupLabel]: group }),
    'vm.novasphere.dev/wukong': wukong.metadata.name,
  };
}

function instance(wukong: Wukong, { networks, disks, cloudInit }: MachineParts): Json {
  const { evictionStrategy, terminationGracePeriodSeconds = 180 } = wukong.spec;
  return {
    domain: { ...domainOf(wukong.spec), devices: devices(wukong, { networks, disks, cloudInit }) },
    ...(evictionStrategy === undefined ? {} : { evictionStrategy }),
    networks: networks.networks,
    ...placement(wukong),
    terminationGracePeriodSeconds,
    volumes: [...disks.volumes, ...cloudInit.volumes],
  };
}

function devices({ spec }: Wukong, { networks, disks, cloudInit }: MachineParts): Json {
  const gpus = (spec.gpus ?? []).map(({ name, deviceName }) => ({ deviceName, name }));
  return {
    disks: [...disks.disks, ...cloudInit.disks],
    ...(gpus.length === 0 ? {} : { gpus }),
    interfaces: networks.interfaces,
    rng: {},
  };
}

/** On which nodes the machine may be, in the user's own words. */
function placement(wukong: Wukong): Json {
  const { highAvailability = {}, scheduling = {} } = wukong.spec;
  const { nodeSelector, tolerations = [] } = highAvailability;
  const { topologySpreadConstraints = [], priorityClassName, schedulerName } = scheduling;
  const affinity = affinityOf(wukong);
  return {
    ...(affinity === undefined ? {} : { affinity }),
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...(schedulerName === undefined ? {} : { schedulerName }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(topologySpreadConstraints.length === 0 ? {} : { topologySpreadConstraints }),
  };
}
