import { Fault } from '#engine/fault';
import { minute, type Step } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { type Condition, gate, met, unmet } from '../verbs/condition.ts';
import { refOf } from '../verbs/object-name.ts';
import { proof } from '../verbs/proof.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';

const secretName = 'trial-certificate-tls';
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: trialNamespace, name: secretName };

const issuer: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'trial-issuer', namespace: trialNamespace },
  spec: { selfSigned: {} },
};

const trialCertificate: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'trial-certificate', namespace: trialNamespace },
  spec: {
    secretName,
    commonName: 'trial.novasphere.dev',
    dnsNames: ['trial.novasphere.dev'],
    issuerRef: { kind: 'Issuer', name: issuer.metadata.name },
  },
};

/** The same in a namespace that is always there, for the dry run that the gate of the installation asks for. */
export const rehearsedCertificate: KubeObject = {
  ...trialCertificate,
  metadata: { ...trialCertificate.metadata, namespace: 'default' },
};

/** cert-manager signs a certificate and keeps it where it was asked to. */
export function certificateProof(site: Site): Step {
  return proof({
    id: 'cert-manager/certificate',
    title: 'Prove that certificates are issued',
    claim: 'a self-signed certificate becomes Ready',
    of: { 'cert-manager': site.catalog.components['cert-manager'].version },
    stages: [
      {
        objects: [issuer, trialCertificate],
        gate: gate({ title: 'a self-signed certificate to become Ready', soft: 1 * minute, hard: 5 * minute }, issued),
      },
    ],
    also: [secret],
  });
}

const issued: Condition = async (sight) => {
  const live: Json = await sight.cluster.get(refOf(trialCertificate));
  const ready = (live?.status?.conditions ?? []).find((one: Json) => one.type === 'Ready');
  if (ready?.status !== 'True') {
    const message = ready?.message ?? 'cert-manager has not looked at it yet';
    return unmet(`Certificate ${trialCertificate.metadata.name} is not Ready: ${message}`, {
      blame: notIssued(message),
    });
  }
  const kept: Json = await sight.cluster.get(secret);
  if (kept?.data?.['tls.crt'] === undefined) return unmet(`Secret ${secretName} holds no certificate yet`);
  return met('a self-signed certificate was issued and kept in a Secret');
};

function notIssued(message: string): Fault {
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: 'cert-manager did not issue a self-signed certificate',
    cause: message,
    where: [`object Certificate ${trialNamespace}/${trialCertificate.metadata.name}`],
    remedy: ['kubectl -n cert-manager logs deployment/cert-manager --tail=50'],
  });
}
