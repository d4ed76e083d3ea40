import type { KubeObject } from '#kube/object';
import { double, type Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import { withConditions, writeStatus } from '../status.ts';
import { addonsFor } from './addons.ts';
import { type K3sConfig, k3sConfig, runsK3s } from './k3s-config.ts';
import { localPath } from './local-path.ts';

/** What k3s itself puts into its cluster: its add-ons unless they are disabled, and their volumes. */
export const k3sDouble = double('k3s', async (stage) => {
  stage.spawn(() => localPath(stage));
  if (!stage.bench.realControllers) stage.spawn(() => metricsService(stage));
  const config = await serverConfig(stage);
  await stage.pause(2);
  const queue = stage.queue(() => deployAddons(stage, config));
  queue.add('add-ons');
});

async function deployAddons(stage: Stage, config: K3sConfig): Promise<void> {
  for (const { name, objects } of addonsFor(config)) {
    if (config.disabled.has(name)) for (const object of objects.toReversed()) await stage.api.remove(pathOf(object));
    else for (const object of objects) await stage.api.apply(object, 'deploy@k3s');
  }
}

/** The configuration of the first server that runs; until then there is nothing to do. */
async function serverConfig(stage: Stage): Promise<K3sConfig> {
  for (;;) {
    const servers = stage.bench.machines.filter(runsK3s).map(k3sConfig);
    const first = servers.find((one) => one.server);
    if (first !== undefined) return first;
    await stage.bench.clock.sleep(3000, stage.bench.signal);
  }
}

/** The aggregator's part: metrics are served while the pods behind them are ready. */
async function metricsService(stage: Stage): Promise<void> {
  const queue = stage.queue(async () => {
    const service = services.get('v1beta1.metrics.k8s.io');
    if (service !== undefined) await tellAvailable(stage, service, pods.all().some(isReady));
  });
  const services = stage.follow({
    path: kindPath('apiregistration.k8s.io/v1', 'APIService'),
    query: { fieldSelector: 'metadata.name=v1beta1.metrics.k8s.io' },
    on: () => queue.add('metrics'),
  });
  const pods = stage.follow({
    path: kindPath('v1', 'Pod', 'kube-system'),
    query: { labelSelector: 'k8s-app=metrics-server' },
    on: () => queue.add('metrics'),
  });
}

async function tellAvailable(stage: Stage, service: KubeObject, available: boolean): Promise<void> {
  const { name, namespace } = service['spec'].service;
  const condition = available
    ? { type: 'Available', status: 'True', reason: 'Passed', message: 'all checks passed' }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MissingEndpoints',
        message: `endpointslices for service/${name} in "${namespace}" have no addresses with port name "https"`,
      };
  await writeStatus(stage, service, {
    conditions: withConditions(service['status']?.conditions, stage.now(), [condition]),
  });
}
