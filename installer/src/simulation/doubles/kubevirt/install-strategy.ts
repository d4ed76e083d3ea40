import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const LABEL = 'kubevirt.io/install-strategy';
const ID = 'kubevirt.io/install-strategy-identifier';

/** The Job that writes down what is to be installed, and the ConfigMap it leaves; the Job is cleared away afterwards. */
export async function installStrategy(stage: Stage, release: KubevirtRelease): Promise<void> {
  const { api } = stage;
  const maps = await mine(stage, release, 'v1', 'ConfigMap');
  // A Job of before a power cut does as well.
  const before = await mine(stage, release, 'batch/v1', 'Job');
  const jobs = maps.length > 0 || before.length > 0 ? before : [await api.create(strategyJob(release))];
  if (maps.length === 0) {
    await stage.pause(4);
    await api.create(strategyMap(release));
  }
  const path = kindPath('batch/v1', 'Job', release.namespace);
  for (const { metadata } of jobs) await api.remove(`${path}/${metadata.name}`, { propagationPolicy: 'Background' });
}

async function mine(
  stage: Stage,
  release: KubevirtRelease,
  apiVersion: string,
  kind: string,
): Promise<readonly KubeObject[]> {
  const { items } = await stage.api.list(kindPath(apiVersion, kind, release.namespace), { labelSelector: LABEL });
  return items.filter((one: KubeObject) => one.metadata.annotations?.[ID] === release.id);
}

function strategyMap(release: KubevirtRelease) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...operatorMetadata(release, { [LABEL]: '' }),
      generateName: 'kubevirt-install-strategy-',
      namespace: release.namespace,
    },
    data: { manifests: `# KubeVirt ${release.version}\n` },
  };
}

function strategyJob(release: KubevirtRelease) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...operatorMetadata(release, { [LABEL]: '' }),
      generateName: `kubevirt-${release.id}-job`,
      namespace: release.namespace,
    },
    spec: {
      template: {
        metadata: { labels: { 'app.kubernetes.io/component': 'kubevirt', [LABEL]: '' } },
        spec: {
          serviceAccountName: 'kubevirt-operator',
          restartPolicy: 'Never',
          containers: [
            {
              name: 'install-strategy-upload',
              image: release.operatorImage,
              imagePullPolicy: release.pullPolicy,
              command: ['virt-operator', '--dump-install-strategy'],
            },
          ],
        },
      },
    },
  };
}
