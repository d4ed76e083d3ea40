import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { platformCrd } from '../platform-crd.ts';
import { PlatformRig } from '../platform-rig.ts';
import { certManagerDouble } from './cert-manager-double.ts';

const core = 'cert-manager.io/v1';
const namespace = 'cert-manager';
let rig: PlatformRig;

function deployment(name: string): Json {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image: `quay.io/jetstack/${name}:v1.21.1` }] } },
    },
  };
}

function webhook(kind: string, path: string, resources: readonly string[]): Json {
  const rules = [{ apiGroups: ['cert-manager.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources }];
  const clientConfig = { service: { name: 'cert-manager-webhook', namespace, path } };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: {
      name: 'cert-manager-webhook',
      annotations: { 'cert-manager.io/inject-ca-from-secret': 'cert-manager/cert-manager-webhook-ca' },
    },
    webhooks: [
      {
        name: 'webhook.cert-manager.io',
        rules,
        clientConfig,
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Fail',
        sideEffects: 'None',
      },
    ],
  };
}

const kind = (name: string) =>
  platformCrd({
    kind: name,
    group: 'cert-manager.io',
    versions: 'v1*',
    status: true,
    ...(name === 'ClusterIssuer' && { cluster: true }),
  });

const manifest: readonly Json[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...['Issuer', 'ClusterIssuer', 'Certificate', 'CertificateRequest'].map(kind),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cert-manager-webhook', namespace },
    spec: { ports: [{ port: 443 }] },
  },
  ...['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'].map(deployment),
  webhook('MutatingWebhookConfiguration', '/mutate', ['certificaterequests']),
  webhook('ValidatingWebhookConfiguration', '/validate', ['*/*']),
];

const issuer = (name: string, spec: Json): Json => ({
  apiVersion: core,
  kind: 'Issuer',
  metadata: { name, namespace: 'default' },
  spec,
});
const certificate = (spec: Json): Json => ({
  apiVersion: core,
  kind: 'Certificate',
  metadata: { name: 'proof', namespace: 'default' },
  spec,
});
const whole = { secretName: 'proof-tls', dnsNames: ['proof.example'], issuerRef: { name: 'self' } };

async function begun(trouble?: string): Promise<void> {
  rig = new PlatformRig([certManagerDouble]);
  if (trouble !== undefined) rig.troubles.add(trouble);
  rig.start();
  for (const object of manifest) await rig.create(object);
}

async function installed(): Promise<void> {
  await begun();
  await rig.until(async () =>
    rig.create(issuer('probe', { selfSigned: {} }), true).then(
      () => true,
      () => false,
    ),
  );
}

afterEach(() => rig.stop());

describe('cert-manager', () => {
  it('does not answer its webhook at first, then with an unknown authority or none, and within a minute for good', async () => {
    await begun();
    const answers = new Set<string>();

    const seconds = await rig.until(async () => {
      const answer = await rig.create(issuer('probe', { selfSigned: {} }), true).then(
        () => 'accepted',
        (error: Error) => error.message,
      );
      answers.add(answer.replace(/.*(connection refused|unknown authority).*/, '$1'));
      return answer === 'accepted';
    });

    expect([...answers]).toContain('connection refused');
    expect(seconds).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThanOrEqual(60);
    for (const configuration of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
      const { webhooks } = await rig.get('admissionregistration.k8s.io/v1', configuration, 'cert-manager-webhook');
      expect(atob(webhooks[0].clientConfig.caBundle)).toContain('BEGIN CERTIFICATE');
    }
  });

  it('turns a certificate of a self-signed issuer into a Secret', async () => {
    await installed();

    await rig.create(issuer('self', { selfSigned: {} }));
    await rig.create(certificate(whole));
    await rig.until(async () => (await rig.get('v1', 'Secret', 'proof-tls', 'default')) !== undefined);
    await rig.clock.sleep(2000);

    const { status } = await rig.get(core, 'Certificate', 'proof', 'default');
    const secret = await rig.get('v1', 'Secret', 'proof-tls', 'default');
    const [request] = await rig.list(core, 'CertificateRequest');
    expect(status.conditions).toMatchObject([
      { type: 'Ready', status: 'True', reason: 'Ready', message: 'Certificate is up to date and has not expired' },
    ]);
    expect(secret.type).toBe('kubernetes.io/tls');
    expect(Object.keys(secret.data)).toEqual(['tls.crt', 'tls.key', 'ca.crt']);
    expect(request.status.conditions.map((one: Json) => `${one.type}=${one.status} ${one.reason}`)).toEqual([
      'Approved=True cert-manager.io',
      'Ready=True Issued',
    ]);
  });

  it('leaves a certificate pending until its issuer exists', async () => {
    await installed();

    await rig.create(certificate(whole));
    await rig.clock.sleep(60_000);
    const before = await rig.get(core, 'Certificate', 'proof', 'default');
    await rig.create(issuer('self', { selfSigned: {} }));
    await rig.until(
      async () => (await rig.get(core, 'Certificate', 'proof', 'default')).status.conditions[0].reason === 'Ready',
    );

    expect(before.status.conditions.map((one: Json) => `${one.type}=${one.status} ${one.reason}`)).toEqual([
      'Issuing=True DoesNotExist',
      'Ready=False DoesNotExist',
    ]);
  });

  it('refuses certificates and issuers that say too little, in its own words', async () => {
    await installed();
    const denied = 'admission webhook "webhook.cert-manager.io" denied the request: ';

    await expect(rig.create(certificate({ ...whole, dnsNames: [] }))).rejects.toThrow(
      `${denied}spec: Invalid value: "": at least one of commonName (from the commonName field or from a literalSubject), dnsNames, uriSANs, ipAddresses, emailSANs or otherNames must be set`,
    );
    await expect(rig.create(certificate({ ...whole, issuerRef: {} }))).rejects.toThrow(
      `${denied}spec.issuerRef.name: Required value: must be specified`,
    );
    await expect(rig.create(issuer('nothing', {}))).rejects.toThrow(
      `${denied}spec: Required value: at least one issuer must be configured`,
    );
  });

  it('never answers while it is silent on purpose', async () => {
    await begun('webhook-silent cert-manager');
    await rig.clock.sleep(600_000);

    await expect(rig.create(issuer('probe', { selfSigned: {} }), true)).rejects.toThrow('connect: connection refused');
  });

  it('answers again after a power cut', async () => {
    await installed();

    await rig.restart();
    await rig.until(async () =>
      rig.create(issuer('probe', { selfSigned: {} }), true).then(
        () => true,
        () => false,
      ),
    );

    await rig.create(issuer('self', { selfSigned: {} }));
    await rig.until(
      async () => (await rig.get(core, 'Issuer', 'self', 'default')).status?.conditions?.[0].reason === 'IsReady',
    );
  });
});
