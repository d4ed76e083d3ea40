import type { Json } from '#kube/json';
import type { Kind } from '../kinds.ts';

const pod = { containers: [] };
const template = { metadata: {}, spec: pod };

/** What an object of a built-in kind says before anything is said: structs are always there, so nobody owns them. */
const zeros: Readonly<Record<string, Json>> = {
  Pod: { spec: pod },
  PodTemplate: { template },
  Deployment: { spec: { template, strategy: {} } },
  DaemonSet: { spec: { template, updateStrategy: {} } },
  StatefulSet: { spec: { template, updateStrategy: {} } },
  ReplicaSet: { spec: { template } },
  Job: { spec: { template } },
  CronJob: { spec: { jobTemplate: { metadata: {}, spec: { template } } } },
  PersistentVolumeClaim: { spec: { resources: {} } },
  Service: { status: { loadBalancer: {} } },
  Ingress: { status: { loadBalancer: {} } },
  Node: { status: { daemonEndpoints: { kubeletEndpoint: {} }, nodeInfo: {} } },
  CustomResourceDefinition: { spec: { names: {} }, status: { acceptedNames: {} } },
  VolumeAttachment: { spec: { source: {} } },
  NetworkPolicy: { spec: { podSelector: {} } },
  Event: { source: {}, involvedObject: {} },
};

/** The empty object that a created one is compared with, to tell what its creator said. */
export function zero({ custom, kind }: Pick<Kind, 'custom' | 'kind'>): Json {
  if (custom) return {};
  const own = zeros[kind] ?? {};
  return { ...own, metadata: {}, spec: own.spec ?? {}, status: own.status ?? {} };
}
