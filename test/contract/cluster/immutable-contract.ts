import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';
import { deployment } from './objects-contract.ts';

/** What may never change once it is there, and in which words that is refused. */
export function immutableContract(name: string, makeBed: MakeBed): void {
  describe(`what never changes on ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());

    /** The refusal of a second apply, whoever owned the fields. */
    async function changed(before: Json, after: Json): Promise<any> {
      await site.client.create(before);
      const error = await refusal(site.as('other').apply({ ...before, ...after }, { force: true }));
      expect([error.code, error.reason]).toEqual([422, 'Invalid']);
      return error;
    }
    const inside = (kind: string, apiVersion: string, rest: object): Json => ({
      apiVersion,
      kind,
      metadata: { name: 'x', namespace: site.namespace },
      ...rest,
    });
    const storageClass = (): Json => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: `class-${site.namespace}` },
      provisioner: 'x.example.com',
      parameters: { a: '1' },
    });

    it('refuses each changed field of a StorageClass in words of its own, all at once', async () => {
      const one = storageClass();
      const who = `StorageClass.storage.k8s.io "${one.metadata.name}" is invalid`;

      const error = await changed(one, {
        provisioner: 'y.example.com',
        parameters: { a: '2' },
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'WaitForFirstConsumer',
      });
      await site.client.delete({ ...one, name: one.metadata.name });

      expect(error.message).toBe(
        `${who}: [parameters: Forbidden: updates to parameters are forbidden., provisioner: Forbidden: updates to provisioner are forbidden., reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden., volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable]`,
      );
      expect(error.causes.map(({ field }: any) => field)).toEqual([
        'parameters',
        'provisioner',
        'reclaimPolicy',
        'volumeBindingMode',
      ]);
    });

    it('takes a StorageClass that may be expanded from now on', async () => {
      const one = storageClass();
      await site.client.create(one);

      const next = await site.as('other').apply({ ...one, allowVolumeExpansion: true }, { force: true });
      await site.client.delete({ ...one, name: one.metadata.name });

      expect(next['allowVolumeExpansion']).toBe(true);
    });

    it('names the selector of a Deployment', async () => {
      const one = deployment(site.namespace);
      const labels = { app: 'other' };
      const template = { ...one.spec.template, metadata: { labels } };

      const error = await changed(one, { spec: { ...one.spec, selector: { matchLabels: labels }, template } });

      expect(error.message).toBe(
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      );
    });

    it('names everything but what may change in a StatefulSet', async () => {
      const { selector, template } = deployment(site.namespace).spec;
      const spec = { replicas: 0, serviceName: 'one', selector, template };

      const error = await changed(inside('StatefulSet', 'apps/v1', { spec }), {
        spec: { ...spec, serviceName: 'other' },
      });

      expect(error.message).toBe(
        `StatefulSet.apps "x" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`,
      );
    });

    it('names the template of a Job, with much in between', async () => {
      const template = (image: string) => ({
        spec: { restartPolicy: 'Never', containers: [{ name: 'one', image }] },
      });
      const spec = { suspend: true, template: template('a:1') };

      const error = await changed(inside('Job', 'batch/v1', { spec }), {
        spec: { ...spec, template: template('a:2') },
      });

      expect(error.message).toMatch(
        /^Job\.batch "x" is invalid: spec\.template: Invalid value: \{.*\}: field is immutable$/s,
      );
      expect(error.causes.map(({ field }: any) => field)).toEqual(['spec.template']);
    });

    it('names the address of a Service', async () => {
      const spec = { clusterIP: 'None', ports: [{ port: 80 }] };

      const error = await changed(inside('Service', 'v1', { spec: { ports: [{ port: 80 }] } }), { spec });

      expect(error.message).toBe(
        'Service "x" is invalid: spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
      );
    });

    it('shows the change of a claim that is not bound, even of one that only grows', async () => {
      const spec = {
        storageClassName: 'none',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      };
      const one = inside('PersistentVolumeClaim', 'v1', { spec });

      const grown = await changed(one, { spec: { ...spec, resources: { requests: { storage: '2Gi' } } } });

      expect(grown.message).toBe(
        [
          'PersistentVolumeClaim "x" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
          '@@ -6,7 +6,7 @@',
          '  "Resources": {',
          '   "Limits": null,',
          '   "Requests": {',
          '-   "storage": "1Gi"',
          '+   "storage": "2Gi"',
          '   }',
          '  },',
          '  "VolumeName": "",',
          '',
        ].join('\n'),
      );
    });

    it('names the type of a Secret', async () => {
      const error = await changed(inside('Secret', 'v1', { type: 'Opaque' }), { type: 'novasphere.dev/other' });

      expect(error.message).toBe(
        'Secret "x" is invalid: type: Invalid value: "novasphere.dev/other": field is immutable',
      );
    });

    it('keeps what is marked as immutable, and the mark', async () => {
      const one = inside('ConfigMap', 'v1', { immutable: true, data: { a: '1' } });

      const data = await changed(one, { data: { a: '2' } });
      const mark = await refusal(site.as('other').apply({ ...one, immutable: false }, { force: true }));

      const words = 'Forbidden: field is immutable when `immutable` is set';
      expect([data.message, mark.message]).toEqual([
        `ConfigMap "x" is invalid: data: ${words}`,
        `ConfigMap "x" is invalid: immutable: ${words}`,
      ]);
    });

    it('names the role of a binding, in the words of Go', async () => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' };

      const error = await changed(inside('RoleBinding', 'rbac.authorization.k8s.io/v1', { roleRef }), {
        roleRef: { ...roleRef, name: 'other' },
      });

      expect(error.message).toBe(
        'RoleBinding.rbac.authorization.k8s.io "x" is invalid: roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: cannot change roleRef',
      );
    });

    it('names whether a driver attaches', async () => {
      const metadata = { name: `driver-${site.namespace}` };
      const one: Json = {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata,
        spec: { attachRequired: true },
      };

      const error = await changed(one, { spec: { attachRequired: false } });
      await site.client.delete({ ...one, name: metadata.name });

      expect(error.message).toBe(
        `CSIDriver.storage.k8s.io "${metadata.name}" is invalid: spec.attachedRequired: Invalid value: false: field is immutable`,
      );
    });
  });
}
