import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const names = { plural: 'others', singular: 'other', kind: 'Wukong', listKind: 'WukongList' };
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'others.vm.novasphere.dev' },
  spec: {
    group: 'vm.novasphere.dev',
    scope: 'Namespaced',
    names,
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

describe('the gates of the Wukong operator on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('operator');
  });
  afterAll(() => trials.close());

  it('are shut while another definition has its names', async () => {
    const { name } = definition.metadata;
    const told = await trials.damaged({
      reason: /is refused/,
      damage: () => trials.admin.create(definition),
      mend: () => trials.admin.delete({ apiVersion: definition.apiVersion, kind: definition.kind, name }),
    });

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the kind Wukong of vm.novasphere.dev is not served
        because  another definition of the same group has taken one of its names
                 "WukongList" is already in use
        where    object CustomResourceDefinition wukongs.vm.novasphere.dev, host
                 lab-vm, step operator/install
        seen     condition NamesAccepted is False (ListKindConflict) since …
        try      kubectl get crd | grep vm.novasphere.dev
                   the other one, which has to go
                 kubectl describe crd wukongs.vm.novasphere.dev
      "
    `);
  });

  it('are shut while no copy of it leads', async () => {
    const { told, mended } = await trials.under('operator-idle', /has no holder/);

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        wukong-operator runs, but no copy of it leads, so nothing of it is at work
        because  nobody holds Lease novasphere-system/wukong-operator, or whoever does
                 has stopped renewing it
        where    object Lease novasphere-system/wukong-operator, host lab-vm, step
                 operator/install
        try      kubectl -n novasphere-system logs deployment/wukong-operator --tail 30
                   what keeps it from leading
                 kubectl auth can-i update leases -n novasphere-system --as system:serviceaccount:novasphere-system:wukong-operator
                 kubectl -n novasphere-system rollout restart deployment wukong-operator
                   starts it anew
      "
    `);
    expect(mended).toBe('done');
  });

  it('leave nothing of a Wukong that was tried only', async () => {
    const sent = (await trials.stage.site.plane.audit()).filter(({ uri }) => /\/wukongs(\?|$)/.test(uri));

    expect(sent.filter(({ dryRun }) => dryRun).map(({ code }) => code)).toEqual(expect.arrayContaining([201, 422]));
    expect(sent.filter(({ mutating }) => mutating)).toEqual([]);
  });
});
