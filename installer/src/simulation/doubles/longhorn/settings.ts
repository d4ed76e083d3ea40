import { loadAll } from 'js-yaml';
import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { longhornObject, longhornPath, NAMESPACE } from './names.ts';

/** Longhorn v1.12's own defaults of the settings that others look at (types/setting.go). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'allow-collecting-longhorn-usage-metrics': 'true',
  'allow-volume-creation-with-degraded-availability': 'true',
  'auto-salvage': 'true',
  'concurrent-automatic-engine-upgrade-per-node-limit': '0',
  'create-default-disk-labeled-nodes': 'false',
  'default-data-path': '/var/lib/longhorn/',
  'default-replica-count': '{"v1":"3","v2":"3"}',
  'deleting-confirmation-flag': 'false',
  'disable-revision-counter': '{"v1":"true"}',
  'guaranteed-instance-manager-cpu': '{"v1":"12","v2":"12"}',
  'kubernetes-cluster-autoscaler-enabled': 'false',
  'node-drain-policy': 'block-if-contains-last-replica',
  'node-down-pod-deletion-policy': 'do-nothing',
  'priority-class': 'longhorn-critical',
  'replica-soft-anti-affinity': 'false',
  'storage-minimal-available-percentage': '25',
  'storage-over-provisioning-percentage': '100',
  'storage-reserved-percentage-for-default-disk': '30',
  'taint-toleration': '',
  'upgrade-checker': 'true',
  'v1-data-engine': 'true',
  'v2-data-engine': 'false',
};

const READ_FROM = 'longhorn.io/configmap-resource-version';

/** Makes the Setting objects: what the ConfigMap says, else the default; sets them anew when the ConfigMap has changed. */
export async function makeSettings(stage: Stage, version: string): Promise<void> {
  await takeOver(stage, version);
  const map = await stage.api.get(`${kindPath('v1', 'ConfigMap', NAMESPACE)}/longhorn-default-setting`);
  const told = (loadAll(map?.['data']?.['default-setting.yaml'] ?? '')[0] ?? {}) as Json;
  const readFrom = map?.metadata.resourceVersion ?? '';
  for (const name of new Set([...Object.keys(DEFAULTS), ...Object.keys(told)])) {
    const value = String(told[name] ?? DEFAULTS[name] ?? '');
    const annotations = { [READ_FROM]: readFrom };
    const made = longhornObject('Setting', name, { value });
    const setting = await stage.api.ensure({ ...made, metadata: { ...made.metadata, annotations } });
    const isOld = told[name] !== undefined && setting.metadata.annotations?.[READ_FROM] !== readFrom;
    if (isOld) await stage.api.patch(pathOf(setting), { metadata: { annotations }, value });
    if (setting['status']?.applied !== true) await stage.api.patchStatus(pathOf(setting), { applied: true });
  }
}

const VERSION = 'current-longhorn-version';

/** What runs now is written down: the next release looks whether it may follow. */
async function takeOver(stage: Stage, version: string): Promise<void> {
  const setting = await stage.api.ensure(longhornObject('Setting', VERSION, { value: version }));
  if (setting['value'] !== version) await stage.api.patch(pathOf(setting), { value: version });
}

/** The release whose data is there; undefined before the first start. */
export async function installedVersion(stage: Stage): Promise<string | undefined> {
  return (await stage.api.get(`${longhornPath('Setting')}/${VERSION}`))?.['value'];
}

export async function settingOf(stage: Stage, name: string): Promise<string> {
  const setting = await stage.api.get(`${longhornPath('Setting')}/${name}`);
  return String(setting?.['value'] ?? DEFAULTS[name] ?? '');
}

const APPLIED = 'longhorn.io/last-applied-configmap';

/** The manager makes the StorageClass that its ConfigMap describes, and makes it anew when that changed. */
export async function makeStorageClass(stage: Stage): Promise<void> {
  const map = await stage.api.get(`${kindPath('v1', 'ConfigMap', NAMESPACE)}/longhorn-storageclass`);
  const text: string | undefined = map?.['data']?.['storageclass.yaml'];
  const wanted = loadAll(text ?? '')[0] as Json;
  if (wanted?.kind !== 'StorageClass') return;
  const path = `${kindPath('storage.k8s.io/v1', 'StorageClass')}/${wanted.metadata.name}`;
  const there = await stage.api.get(path);
  if (there?.metadata.annotations?.[APPLIED] === text) return;
  if (there !== undefined) await stage.api.remove(path);
  const annotations = { ...wanted.metadata.annotations, [APPLIED]: text };
  await stage.api.ensure({ ...wanted, metadata: { ...wanted.metadata, annotations } });
}
