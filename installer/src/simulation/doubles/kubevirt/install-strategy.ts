import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const LABEL = 'kubevirt.io/install-strategy';

/** The Job that writes down what is to be installed, and the ConfigMap it leaves; the Job is cleared away afterwards. */
export async function installStrategy(stage: Stage, release: KubevirtRelease): Promise<void> {
  const { api } = stage;
  const maps = kindPath('v1', 'ConfigMap', release.namespace);
  const { items } = await api.list(maps, { labelSelector: LABEL });
  const id = 'kubevirt.io/install-strategy-identifier';
  if (
    items.some(
      (one: { metadata: { annotations?: Record<string, string> } }) => one.metadata.annotations?.[id] === release.id,
    )
  )
    return;
  const job = await api.create(strategyJob(release));
  await stage.pause(4);
  await api.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...operatorMetadata(release, { [LABEL]: '' }),
      generateName: 'kubevirt-install-strategy-',
      namespace: release.namespace,
    },
    data: { manifests: `# KubeVirt ${release.version}\n` },
  });
  const path = `${kindPath('batch/v1', 'Job', release.namespace)}/${job.metadata.name}`;
  await api.remove(path, { propagationPolicy: 'Background' });
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
