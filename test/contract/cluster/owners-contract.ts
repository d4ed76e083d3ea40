import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';
import { deployment } from './objects-contract.ts';

/** What is written down about who owns what, to the last field. */
export function ownersContract(name: string, makeBed: MakeBed): void {
  describe(`field ownership on ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    /** Entries without their times, as `manager operation[/subresource]`, and what they hold. */
    const owners = (object: any): Json =>
      Object.fromEntries(
        (object.metadata.managedFields ?? []).map((one: any) => [
          `${one.manager} ${one.operation}${one.subresource === undefined ? '' : `/${one.subresource}`}`,
          one.fieldsV1,
        ]),
      );
    const dotted = (fields: object) => ({ '.': {}, ...fields });

    it('tells defaults apart from what admission and storage add: nobody owns those', async () => {
      const service: any = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: site.namespace } };

      const made = await site.client.create({ ...service, spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } });

      expect(owners(made)).toEqual({
        'contract Update': {
          'f:spec': {
            'f:internalTrafficPolicy': {},
            'f:ports': dotted({
              'k:{"port":80,"protocol":"TCP"}': dotted({ 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} }),
            }),
            'f:selector': {},
            'f:sessionAffinity': {},
            'f:type': {},
          },
        },
      });
    });

    it('owns the parts of a created Deployment, but no struct that is always there', async () => {
      const made = await site.client.create(deployment(site.namespace), { dryRun: true });

      const container = dotted({
        'f:image': {},
        'f:imagePullPolicy': {},
        'f:name': {},
        'f:resources': {},
        'f:terminationMessagePath': {},
        'f:terminationMessagePolicy': {},
      });
      expect(owners(made)).toEqual({
        'contract Update': {
          'f:spec': {
            'f:progressDeadlineSeconds': {},
            'f:replicas': {},
            'f:revisionHistoryLimit': {},
            'f:selector': {},
            'f:strategy': {
              'f:rollingUpdate': dotted({ 'f:maxSurge': {}, 'f:maxUnavailable': {} }),
              'f:type': {},
            },
            'f:template': {
              'f:metadata': { 'f:labels': dotted({ 'f:app': {} }) },
              'f:spec': {
                'f:containers': { 'k:{"name":"web"}': container },
                'f:dnsPolicy': {},
                'f:restartPolicy': {},
                'f:schedulerName': {},
                'f:securityContext': {},
                'f:terminationGracePeriodSeconds': {},
              },
            },
          },
        },
      });
    });

    it('keeps what was applied apart from what the same manager wrote otherwise', async () => {
      await site.client.create(site.configMap('a', { x: '1' }, { labels: { l: '1' } }));

      const conflict = await refusal(site.client.apply(site.configMap('a', { x: '2' })));
      const forced = await site.client.apply(site.configMap('a', { x: '2' }), { force: true });
      const dropped = await site.client.apply(site.configMap('a', {}));

      expect(conflict.message).toBe('Apply failed with 1 conflict: conflict with "contract" using v1: .data.x');
      const rest = { 'f:data': dotted({}), 'f:metadata': { 'f:labels': dotted({ 'f:l': {} }) } };
      expect(owners(forced)).toEqual({
        'contract Apply': { 'f:data': { 'f:x': {} } },
        'contract Update': { ...rest, 'f:data': {} },
      });
      expect(dropped['data']).toBeUndefined();
      expect(Object.keys(owners(dropped))).toEqual(['contract Apply', 'contract Update']);
    });

    it('lists conflicts by owner, leaves before what is below, in the order of their names', async () => {
      const ours = deployment(site.namespace);
      ours.spec.replicas = 2;
      ours.spec.paused = true;
      ours.spec.template.spec.tolerations = [{ operator: 'Exists' }];
      await site.client.apply(ours);
      await site
        .as('scaler')
        .patch(
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: site.namespace },
          { spec: { minReadySeconds: 3 } },
        );
      const theirs = structuredClone(ours);
      theirs.spec.replicas = 3;
      theirs.spec.minReadySeconds = 4;
      theirs.spec.template.spec.tolerations = [];
      theirs.spec.template.spec.containers[0].image = 'nginx:9';

      const error = await refusal(site.as('other').apply(theirs));

      expect([error.code, error.reason]).toEqual([409, 'Conflict']);
      expect(error.message).toBe(
        [
          'Apply failed with 4 conflicts: conflicts with "contract":',
          '- .spec.replicas',
          '- .spec.template.spec.tolerations',
          '- .spec.template.spec.containers[name="web"].image',
          'conflicts with "scaler" using apps/v1:',
          '- .spec.minReadySeconds',
        ].join('\n'),
      );
    });

    it('notes who was there before an apply where nobody was noted', async () => {
      const metadata = { name: 'a', namespace: site.namespace };
      const bare: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata };

      const first = await site.client.apply(bare);
      const second = await site.client.apply(bare);
      const third = await site.client.apply(bare);

      expect(owners(first)).toEqual({});
      expect(owners(second)).toEqual({ 'before-first-apply Update': { 'f:type': {} } });
      expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
      expect(third.metadata.resourceVersion).toBe(second.metadata.resourceVersion);
    });

    it('notes nothing of an update where nobody is noted, and nothing at all on request', async () => {
      await site.client.create(site.configMap('a'));
      const updated = await site.client.patch(site.ref('a'), { data: { x: '1' } });
      await site.client.apply(site.configMap('b', { x: '1' }));

      const cleared = await site.client.patch(site.ref('b'), { metadata: { managedFields: [{}] } });

      expect([owners(updated), owners(cleared)]).toEqual([{}, {}]);
    });

    it('owns a status apart, by subresource', async () => {
      const claim: any = {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'a', namespace: site.namespace },
      };
      const spec = { minAvailable: 1, selector: { matchLabels: { none: 'such' } } };
      await site.client.apply({ ...claim, spec });

      const status = { conditions: [condition('novasphere.dev/Mine')] };
      const told = await site.as('teller').apply({ ...claim, status }, { subresource: 'status' });

      expect(owners(told)).toMatchObject({
        'contract Apply': { 'f:spec': { 'f:minAvailable': {}, 'f:selector': {} } },
        'teller Apply/status': {
          'f:status': {
            'f:conditions': {
              'k:{"type":"novasphere.dev/Mine"}': dotted({
                'f:lastTransitionTime': {},
                'f:message': {},
                'f:reason': {},
                'f:status': {},
                'f:type': {},
              }),
            },
          },
        },
      });
    });

    it('writes quantities in their largest unit, and finds nothing to do when they are applied again', async () => {
      const claim: any = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'a', namespace: site.namespace },
        spec: {
          storageClassName: 'none',
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1024Mi' } },
        },
      };
      const sized = deployment(site.namespace);
      sized.spec.template.spec.containers[0].resources = {
        limits: { cpu: '1500m', memory: '1536Mi' },
        requests: { cpu: 0.5, memory: '1000000' },
      };

      const made = await site.client.apply(claim);
      const again = await site.client.apply(claim);
      const workload = await site.client.apply(sized, { dryRun: true });

      expect(made['spec'].resources.requests).toEqual({ storage: '1Gi' });
      expect(again['spec']).toEqual(made['spec']);
      expect(workload['spec'].template.spec.containers[0].resources).toEqual({
        limits: { cpu: '1500m', memory: '1536Mi' },
        requests: { cpu: '500m', memory: '1M' },
      });
    });
  });
}

function condition(type: string): object {
  return { type, status: 'True', reason: 'X', message: '', lastTransitionTime: '2026-11-21T06:00:00Z' };
}
