import { systemClock } from '#adapters/system-clock';
import { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type AuditLine } from './audit.ts';
import { BedStage, type BedStageOptions } from './stage.ts';
import { operatorPod } from './users.ts';

const apiVersion = 'vm.novasphere.dev/v1alpha1';
const kubevirt = 'kubevirt.io/v1';
/** Everything but the sample machine: the bed has better things to boot. */
const phases = [
  'preflight',
  'host',
  'k3s',
  'snapshotter',
  'longhorn',
  'multus',
  'nmstate',
  'kubevirt',
  'cdi',
  'cert-manager',
  'operator',
];

/** A whole platform on a real control plane, with our operator at work under the role that is shipped. */
export class WukongBed {
  readonly stage: BedStage;
  /** Somebody who may do anything. */
  readonly admin: KubeClient;

  private constructor(stage: BedStage) {
    this.stage = stage;
    const { sleep } = systemClock();
    this.admin = new KubeClient({ transport: stage.site.plane.transport('admin'), fieldManager: 'somebody', sleep });
  }

  static async open(options: BedStageOptions = { profile: 'single-node', haste: 0.005 }): Promise<WukongBed> {
    const stage = await BedStage.open(options);
    const { outcome, faults } = await stage.play({
      only: phases,
      concurrency: 3,
      impatientOf: /has restarted a moment ago/,
    });
    if (outcome !== 'done') throw faults[0] ?? new Error(`the platform is ${outcome}`);
    return new WukongBed(stage);
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  make(name: string, spec: Json): Promise<KubeObject> {
    return this.admin.create({ apiVersion, kind: 'Wukong', metadata: { namespace: 'default', name }, spec });
  }

  wukong(name: string): Promise<Json> {
    return this.get(apiVersion, 'Wukong', name);
  }

  machine(name: string): Promise<Json> {
    return this.get(kubevirt, 'VirtualMachine', `${name}-vm`);
  }

  get(version: string, kind: string, name: string): Promise<Json> {
    return this.admin.get({ apiVersion: version, kind, namespace: 'default', name });
  }

  edit(name: string, spec: Json): Promise<KubeObject> {
    return this.patch(apiVersion, 'Wukong', name, { spec });
  }

  patch(version: string, kind: string, name: string, change: Json): Promise<KubeObject> {
    return this.admin.patch({ apiVersion: version, kind, namespace: 'default', name }, change);
  }

  async remove(name: string): Promise<void> {
    await this.admin.delete({ apiVersion, kind: 'Wukong', namespace: 'default', name });
  }

  /** What a Wukong says of itself once that is as wanted; what it said last, if that never comes. */
  async until(name: string, isWanted: (wukong: Json) => boolean, patience = 60_000): Promise<Json> {
    const end = Date.now() + patience;
    for (;;) {
      const wukong = await this.wukong(name);
      if (isWanted(wukong)) return wukong;
      if (Date.now() > end) throw new Error(`${name} is still ${JSON.stringify(wukong?.status, null, 1)}`);
      await systemClock().sleep(50);
    }
  }

  running(name: string): Promise<Json> {
    return this.until(name, (one) => conditionIn(one, 'Ready').startsWith('True VMRunning'));
  }

  /** What the operator has asked of the API server. */
  async asked(since = 0): Promise<readonly AuditLine[]> {
    const lines = (await this.stage.site.plane.audit()).slice(since);
    return lines.filter(({ user }) => user === operatorPod);
  }
}

/** `True VMRunning: the machine runs`. */
export function conditionIn(wukong: Json, type: string): string {
  const found = (wukong?.status?.conditions ?? []).find((one: Json) => one.type === type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}
