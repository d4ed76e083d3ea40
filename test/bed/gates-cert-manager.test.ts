import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { Authority } from '../testbed/authority.ts';
import { GateTrials } from '../testbed/gate-trials.ts';

const configurations = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  name: 'cert-manager-webhook',
}));

describe('the gates of cert-manager on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('cert-manager');
  });
  afterAll(() => trials.close());

  it('are shut while its webhook refuses connections', async () => {
    const { told, mended } = await trials.under(['webhook-silent', 'cert-manager'], /connection refused/);

    expect(told).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        the admission webhook webhook.cert-manager.io does not answer (tried to create
        Certificate default/trial-certificate), though its pod is ready
        because  nothing listens behind its Service
                 dial tcp 10.4x.x.x:443: connect: connection refused
        where    object Service cert-manager/cert-manager-webhook, host lab-vm, step
                 cert-manager/install
        seen     Pod cert-manager/cert-manager-webhook-xxxxxxxx-xxxxx is Running and Ready, restarted … times
        try      kubectl -n cert-manager logs cert-manager-webhook-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n cert-manager get endpointslices -l kubernetes.io/service-name=cert-manager-webhook
                   whether its address is known
                 kubectl -n cert-manager delete pod cert-manager-webhook-xxxxxxxx-xxxxx
                   starts it anew; then run the same command again
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while no authority is injected', async () => {
    for (const one of configurations) await trials.admin.delete(one);
    const { told, mended } = await trials.under('cainjector-idle', /cainjector has not put/);

    expect(told).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        ValidatingWebhookConfiguration cert-manager-webhook has no certificate to know
        its webhook by
        because  cainjector has not written the CA into the webhook configuration yet
        where    object ValidatingWebhookConfiguration cert-manager-webhook, host
                 lab-vm, step cert-manager/install
        seen     also named by MutatingWebhookConfiguration cert-manager-webhook
        try      kubectl -n cert-manager logs deployment/cert-manager-cainjector --tail 20
                 kubectl -n cert-manager rollout restart deployment cert-manager-cainjector
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while the API server knows another authority than the one of the webhook', async () => {
    const { told, mended } = await trials.broken({
      reason: /unknown authority/,
      async damage() {
        const { directory } = trials.stage.site.plane;
        const caBundle = btoa((await Authority.make(await mkdtemp(join(directory, 'other-')))).certificate);
        for (const one of configurations) {
          const live: Json = await trials.admin.get(one);
          const signed = (hook: Json) => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle } });
          await trials.admin.patch(one, { webhooks: live.webhooks.map(signed) });
        }
      },
      async mend() {
        for (const one of configurations) await trials.admin.delete(one);
      },
    });

    expect(told).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        the admission webhook webhook.cert-manager.io does not answer (tried to create
        Certificate default/trial-certificate), though its pod is ready
        because  it shows a certificate of another authority than the one in its
                 webhook configuration
                 tls: failed to verify certificate: x509: certificate signed by
                 unknown authority (possibly because of "x509: ECDSA verification
                 failure" while trying to verify candidate authority certificate
                 "bed")
        where    object Service cert-manager/cert-manager-webhook, host lab-vm, step
                 cert-manager/install
        seen     Pod cert-manager/cert-manager-webhook-xxxxxxxx-xxxxx is Running and Ready, restarted … times
        try      kubectl -n cert-manager logs cert-manager-webhook-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n cert-manager get endpointslices -l kubernetes.io/service-name=cert-manager-webhook
                   whether its address is known
                 kubectl -n cert-manager rollout restart deployment cert-manager-cainjector
                   writes the authority anew
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while nobody signs', async () => {
    await trials.forget('cert-manager/certificate');
    const { told, mended } = await trials.under('cert-manager-idle', /is not Ready/);

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        cert-manager did not issue a self-signed certificate
        because  cert-manager has not looked at it yet
        where    object Certificate novasphere-system/trial-certificate, host lab-vm,
                 step cert-manager/certificate
        try      kubectl -n cert-manager logs deployment/cert-manager --tail=50
      "
    `);
    expect(mended).toBe('done');
  });

  it('leave nothing of a certificate that was interrupted', async () => {
    expect(await trials.interrupted(['cert-manager/certificate'], /a self-signed certificate/)).toEqual({
      outcome: 'interrupted',
      left: [],
      again: 'done',
      leftThen: [],
    });
  });
});
