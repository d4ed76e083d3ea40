import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { certificate as pem } from '../pem.ts';
import { keyOf } from '../shelf.ts';
import { issuingStatus, lifetimeOf, readyStatus, requestConditions, sameCondition } from './certificate-status.ts';
import type { Issuers } from './issuers.ts';

const core = 'cert-manager.io/v1';

/** From Certificate to CertificateRequest to Secret, for issuers that are ready. */
export function certificates(stage: Stage, works: () => boolean, issuers: () => Issuers): { refresh(): void } {
  const queue = stage.queue(async (key) => (works() ? reconcile(stage, issuers(), key) : undefined));
  const shelf = stage.follow({ path: kindPath(core, 'Certificate'), on: ({ object }) => queue.add(keyOf(object)) });
  const refresh = () => {
    for (const one of shelf.all()) queue.add(keyOf(one));
  };
  return { refresh };
}

async function reconcile(stage: Stage, issuers: Issuers, key: string): Promise<void> {
  const [namespace, name] = key.split('/') as [string, string];
  const certificate: Json = await stage.api.get(`${kindPath(core, 'Certificate', namespace)}/${name}`);
  if (certificate === undefined || certificate.metadata.deletionTimestamp !== undefined) return;
  const secret = await stage.api.get(`${kindPath('v1', 'Secret', namespace)}/${certificate.spec.secretName}`);
  const ready = (certificate.status?.conditions ?? []).some(
    (one: Json) => one.type === 'Ready' && one.status === 'True',
  );
  if (ready && secret !== undefined) return;
  if (certificate.status?.conditions === undefined)
    await stage.api.patchStatus(pathOf(certificate), issuingStatus(certificate, stage.now()));
  const request = await requestFor(stage, certificate);
  const pending = obstacle(issuers.find(certificate.spec.issuerRef, namespace), certificate.spec.issuerRef);
  await answer(stage, request, certificate, pending);
  if (pending !== undefined) return;
  await issue(stage, certificate);
}

async function requestFor(stage: Stage, certificate: Json): Promise<Json> {
  const { name, namespace, uid } = certificate.metadata;
  const revision = certificate.status?.revision ?? 1;
  await stage.pause(0.5);
  return stage.api.ensure({
    apiVersion: core,
    kind: 'CertificateRequest',
    metadata: {
      name: `${name}-${revision}`,
      namespace,
      annotations: {
        'cert-manager.io/certificate-name': name,
        'cert-manager.io/certificate-revision': String(revision),
      },
      ownerReferences: [
        { apiVersion: core, kind: 'Certificate', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { issuerRef: certificate.spec.issuerRef, request: btoa(pem(name, 'CERTIFICATE REQUEST')) },
  });
}

function obstacle(issuer: Json, { kind = 'Issuer', name }: Json): string | undefined {
  if (issuer === undefined)
    return `Referenced "${kind}" not found: ${kind.toLowerCase()}.cert-manager.io "${name}" not found`;
  const ready = (issuer.status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
  return ready ? undefined : 'Referenced issuer does not have a Ready status condition';
}

async function answer(stage: Stage, request: Json, certificate: Json, pending: string | undefined): Promise<void> {
  const fresh = requestConditions(stage.now(), pending);
  const old: Json = (request.status?.conditions ?? []).find((one: Json) => one.type === 'Ready');
  if (sameCondition(old, fresh[1])) return;
  const issued =
    pending === undefined
      ? { certificate: btoa(pem(certificate.metadata.name)), ca: btoa(pem(certificate.metadata.name)) }
      : {};
  await stage.api.patchStatus(pathOf(request), { conditions: fresh, ...issued });
}

async function issue(stage: Stage, certificate: Json): Promise<void> {
  const { name, namespace } = certificate.metadata;
  const { secretName, commonName = '', dnsNames = [], issuerRef } = certificate.spec;
  await stage.pause(0.5);
  const crt = btoa(pem(name));
  await stage.api.ensure({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: secretName,
      namespace,
      annotations: {
        'cert-manager.io/certificate-name': name,
        'cert-manager.io/common-name': commonName,
        'cert-manager.io/alt-names': dnsNames.join(','),
        'cert-manager.io/issuer-name': issuerRef.name,
        'cert-manager.io/issuer-kind': issuerRef.kind ?? 'Issuer',
      },
      labels: { 'controller.cert-manager.io/fao': 'true' },
    },
    data: { 'tls.crt': crt, 'tls.key': btoa(pem(name, 'PRIVATE KEY')), 'ca.crt': crt },
  });
  const lifetime = lifetimeOf(certificate, stage.bench.clock.now());
  await stage.api.patchStatus(
    pathOf(certificate),
    readyStatus(certificate, stage.now(), lifetime, certificate.status?.revision ?? 1),
  );
}
