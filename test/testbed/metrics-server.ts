import { double } from '#simulation/doubles/double';

const groupVersion = 'metrics.k8s.io/v1beta1';

/** What k3s's metrics-server answers when the aggregator asks whether it is there. */
export const metricsServer = double('metrics-server', (stage) => {
  const body = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [] };
  stage.bench.openApi?.(groupVersion, () => ({ status: 200, body }));
});
