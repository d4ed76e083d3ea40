import type { Json } from '#kube/json';
import type { Request, Transport } from '#kube/transport';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { defaultSettings, type Settings } from '#operator/runtime/flags';
import { Insight } from '#operator/runtime/insight';
import { logOver } from '#operator/runtime/log-over';
import { startOperator } from '#operator/start';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';

export const merge = 'application/merge-patch+json';

const namespaced = (path: string) => `/apis/${path.replace(/\/([^/]+)$/, '/namespaces/default/$1')}`;
export const paths = {
  wukong: namespaced('vm.novasphere.dev/v1alpha1/wukongs'),
  vm: namespaced('kubevirt.io/v1/virtualmachines'),
  vmi: namespaced('kubevirt.io/v1/virtualmachineinstances'),
  dv: namespaced('cdi.kubevirt.io/v1beta1/datavolumes'),
  nad: namespaced('k8s.cni.cncf.io/v1/network-attachment-definitions'),
  claim: '/api/v1/namespaces/default/persistentvolumeclaims',
  secret: '/api/v1/namespaces/default/secrets',
  storageClass: '/apis/storage.k8s.io/v1/storageclasses',
};

/** A kind as its component defines it, without its schema. */
export function loose(group: string, version: string, kind: string, plural = `${kind.toLowerCase()}s`): Json {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

export const kubevirtKinds = [
  loose('kubevirt.io', 'v1', 'VirtualMachine'),
  loose('kubevirt.io', 'v1', 'VirtualMachineInstance'),
];
export const dataVolumes = loose('cdi.kubevirt.io', 'v1beta1', 'DataVolume');
export const nads = loose('k8s.cni.cncf.io', 'v1', 'NetworkAttachmentDefinition', 'network-attachment-definitions');

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A simulated API server with the operator on it, and the hand of whoever plays the components. */
export class OperatorStage {
  readonly clock = new VirtualClock();
  readonly server = new SimulatedApiServer({ clock: this.clock });
  readonly logged: LogLine[] = [];
  stop = new AbortController();

  async ask(method: Request['method'], path: string, body?: Json, contentType?: string): Promise<Json> {
    const answer = await this.server.request({
      method,
      path,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { contentType }),
    });
    if (answer.status >= 400 && answer.status !== 404) throw new Error((answer.body as Json).message);
    return answer.status === 404 ? undefined : answer.body;
  }

  get(path: string): Promise<Json> {
    return this.ask('GET', path);
  }

  patch(path: string, change: Json): Promise<Json> {
    return this.ask('PATCH', path, change, merge);
  }

  async define(...kinds: readonly Json[]): Promise<void> {
    for (const one of kinds) await this.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', one);
    await this.clock.sleep(2000);
  }

  /** The kinds of KubeVirt, CDI, Multus and ours, and a class whose volumes are there at once and can grow. */
  async defineAll(): Promise<void> {
    await this.define(wukongCrd(), wukongSnapshotCrd(), ...kubevirtKinds, dataVolumes, nads);
    await this.ask('POST', paths.storageClass, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'elastic', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'driver.longhorn.io',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: true,
    });
  }

  start(
    identity = 'one',
    about: { readonly transport?: Transport; readonly settings?: Partial<Settings>; readonly insight?: Insight } = {},
  ): Promise<void> {
    const { transport = this.server, settings = {}, insight = new Insight() } = about;
    return startOperator({
      transport,
      time: this.clock,
      namespace: 'default',
      identity,
      signal: this.stop.signal,
      log: logOver((level, message, about) => void this.logged.push({ ...about, level, message })),
      settings: { ...defaultSettings, ...settings },
      insight,
    });
  }

  /** A running operator and one Wukong with an empty disk, whose claim is bound. */
  async ready(spec: Json = {}): Promise<void> {
    await this.defineAll();
    this.start().catch(() => {});
    await this.clock.sleep(5000);
    await this.ask('POST', paths.wukong, wukong(spec));
    await this.clock.sleep(2000);
    for (const { name } of spec.disks ?? [{ name: 'data' }]) await this.bind(`press-${name}`);
    await this.clock.sleep(3000);
  }

  /** As the provisioner does. */
  async bind(claim: string, capacity = '1Gi'): Promise<void> {
    await this.patch(`${paths.claim}/${claim}/status`, { status: { phase: 'Bound', capacity: { storage: capacity } } });
  }

  async status(name = 'press'): Promise<Json> {
    return (await this.get(`${paths.wukong}/${name}`)).status;
  }

  async condition(type: string, name = 'press'): Promise<string> {
    const found = (await this.status(name)).conditions.find((one: Json) => one.type === type);
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  }

  /** What has been written since, by the operator and by the test, but for leases and events. */
  writes(since = 0): readonly string[] {
    return this.server.log
      .slice(since)
      .filter(({ method, path }) => method !== 'GET' && !/\/(leases|events)\b/.test(path))
      .map(({ method, path, status: code }) => `${method} ${path.replace(/^.*\/default\//, '')} ${code}`);
  }

  /** The events that people see, oldest first. */
  async events(): Promise<readonly string[]> {
    const { items } = await this.get('/apis/events.k8s.io/v1/namespaces/default/events');
    return items.map(({ type, reason, note }: Json) => `${type} ${reason}: ${note}`);
  }
}

export const wukong = (spec: Json = {}, name = 'press'): Json => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name, namespace: 'default' },
  spec: { cpu: 2, memory: '1024Mi', disks: [{ name: 'data', size: '1024Mi' }], ...spec },
});
