import { describe, expect, it } from 'vitest';
import { isImmutable } from './kube-cluster-immutable.ts';

const [invalid, forbidden] = ['FieldValueInvalid', 'FieldValueForbidden'];

describe('a field that cannot change any more', () => {
  it.each<readonly [string, string | undefined, string]>([
    ['a selector', invalid, 'Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
    ['the template of a Job', invalid, 'Invalid value: core.PodTemplateSpec{Spec: …}: field is immutable'],
    ['parameters of a class', forbidden, 'Forbidden: updates to parameters are forbidden.'],
    ['the provisioner of a class', forbidden, 'Forbidden: updates to provisioner are forbidden.'],
    ['an address', invalid, 'Invalid value: ["10.43.0.7"]: may not change once set'],
    ['an address that is taken away', invalid, 'Invalid value: []: primary clusterIP can not be unset'],
    ['the role of a binding', invalid, 'Invalid value: {"kind":"Role","name":"b"}: cannot change roleRef'],
    ['a priority', forbidden, 'Forbidden: may not be changed in an update.'],
    [
      'a claim',
      forbidden,
      'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@',
    ],
    [
      'a StatefulSet',
      forbidden,
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
    [
      'a pod',
      forbidden,
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`',
    ],
    ['data that was sealed', forbidden, 'Forbidden: field is immutable when `immutable` is set'],
    ['a rule of a custom kind', invalid, 'Invalid value: Value is immutable'],
    ['a rule of a custom kind in other words', invalid, 'Invalid value: "x": storage cannot be changed'],
  ])('is known by the words for %s', (_, reason, message) => {
    expect(isImmutable({ ...(reason === undefined ? {} : { reason }), message })).toBe(true);
  });

  it.each<readonly [string, string, string]>([
    ['a value that speaks of it', invalid, 'Invalid value: {"immutable":true}: must be a string'],
    ['a name that is wrong', invalid, 'Invalid value: "Immutable": a lowercase RFC 1123 subdomain must consist of …'],
    ['what is missing', 'FieldValueRequired', 'Required value: the selector is immutable, so it has to be there'],
    ['a number that is wrong', invalid, 'Invalid value: -1: must be greater than or equal to 0'],
  ] as readonly (readonly [string, string, string])[])('is not taken for %s', (_, reason, message) => {
    expect(isImmutable({ reason, message })).toBe(false);
  });
});
