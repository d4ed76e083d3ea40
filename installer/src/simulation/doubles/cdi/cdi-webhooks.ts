import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import type { CdiRelease } from './cdi-release.ts';

type Hook = readonly [configuration: string, name: string, resources: readonly string[], operations: readonly string[]];

const both = ['CREATE', 'UPDATE'];
const volumes: Hook = ['cdi-api-datavolume-validate', 'datavolume-validate', ['datavolumes'], both];
const others: readonly Hook[] = [
  ['cdi-api-validate', 'cdi-validate', ['cdis'], ['DELETE']],
  ['objecttransfer-api-validate', 'objecttransfer-validate', ['objecttransfers'], both],
  ['cdi-api-dataimportcron-validate', 'dataimportcron-validate', ['dataimportcrons'], both],
  ['cdi-api-populator-validate', 'populator-validate', ['volumeimportsources', 'volumeuploadsources'], both],
];

function configuration(release: CdiRelease, kind: string, [name, hook, resources, operations]: Hook): KubeObject {
  const service = { name: 'cdi-api', namespace: release.namespace, path: `/${hook}`, port: 443 };
  const webhook: Json = {
    name: `${hook}.cdi.kubevirt.io`,
    clientConfig: { caBundle: btoa(certificate('cdi-apiserver-signer')), service },
    rules: [{ apiGroups: ['cdi.kubevirt.io'], apiVersions: ['v1beta1'], operations, resources, scope: '*' }],
    admissionReviewVersions: ['v1', 'v1beta1'],
    failurePolicy: hook === 'cdi-validate' ? 'Ignore' : 'Fail',
    matchPolicy: 'Exact',
    sideEffects: 'None',
    timeoutSeconds: 30,
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name, labels: labelled(release) },
    webhooks: [webhook],
  };
}

function labelled(release: CdiRelease): Readonly<Record<string, string>> {
  return { 'cdi.kubevirt.io': 'cdi-api', 'operator.cdi.kubevirt.io/createVersion': release.version };
}

/** The upload API and the webhook configurations, in cdi-operator's order. */
export function cdiWebhooks(release: CdiRelease): readonly KubeObject[] {
  const validating = (hook: Hook) => configuration(release, 'ValidatingWebhookConfiguration', hook);
  return [
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.upload.cdi.kubevirt.io', labels: labelled(release) },
      spec: {
        group: 'upload.cdi.kubevirt.io',
        version: 'v1beta1',
        caBundle: btoa(certificate('cdi-apiserver-signer')),
        service: { name: 'cdi-api', namespace: release.namespace, port: 443 },
        groupPriorityMinimum: 1000,
        versionPriority: 15,
      },
    },
    validating(volumes),
    configuration(release, 'MutatingWebhookConfiguration', [
      'cdi-api-datavolume-mutate',
      'datavolume-mutate',
      ['datavolumes'],
      both,
    ]),
    ...others.map(validating),
  ];
}
