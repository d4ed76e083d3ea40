import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import type { Verdict } from './plan.ts';
import type { Situation } from './status.ts';
import type { Trouble } from './trouble.ts';

export const now = '2026-11-21T06:00:00Z';
export const later = '2026-11-21T07:00:00Z';
export const wukong: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: 'u', generation: 3 },
  spec: { cpu: 1, memory: '1Gi', disks: [{ name: 'root', size: '1Gi' }] },
};
const yes = (reason: string): Verdict => ({ status: 'True', reason, message: 'all well' });
export const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
export const object = (kind: string, status: Json): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'press-3-vm' },
  status,
});

/** Everything ready, and no machine yet. */
export const fine: Situation = {
  vm: undefined,
  vmi: undefined,
  runStrategy: 'Always',
  networks: {
    objects: [],
    interfaces: [],
    networks: [],
    nics: [],
    verdict: yes('NetworksReady'),
    ready: true,
    mistakes: [],
  },
  disks: { objects: [], disks: [], volumes: [], statuses: [], verdict: yes('VolumesReady'), ready: true, mistakes: [] },
  cloudInit: { objects: [], disks: [], volumes: [], mistakes: [] },
  networkStatuses: [],
  mistakes: [],
  troubles: [],
};
const made = object('VirtualMachine', { printableStatus: 'Running' });
export const runs = (conditions: readonly Json[] = []) =>
  object('VirtualMachineInstance', {
    phase: 'Running',
    nodeName: 'node-a',
    conditions: [{ type: 'Ready', status: 'True' }, ...conditions],
  });
export const up: Situation = { ...fine, vm: made, vmi: runs() };
export const trouble = (about: Partial<Trouble>): Trouble => ({
  kind: 'VirtualMachine',
  terminal: false,
  reason: 'ApplyFailed',
  message: 'VirtualMachine press-3-vm: try again',
  ...about,
});
