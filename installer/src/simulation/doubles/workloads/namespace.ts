import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { certificate } from '../pem.ts';

/** What every namespace gets a few seconds after it is there: the default ServiceAccount and the cluster's CA. */
export async function furnishNamespace(stage: Stage, namespace: KubeObject): Promise<undefined> {
  if (namespace.metadata.deletionTimestamp !== undefined) return;
  const metadata = { namespace: namespace.metadata.name };
  await stage.pause(2);
  await stage.api.ensure({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name: 'default' } });
  const data = { 'ca.crt': certificate('k3s-server-ca') };
  await stage.api.ensure({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: 'kube-root-ca.crt' },
    data,
  });
}
