import type { Json } from '#kube/json';
import type { AdmissionAnswer } from '#simulation/bench';

/** An AdmissionReview (admission.k8s.io/v1) answered by a double. */
export async function review(
  { request }: Json,
  admit: (request: Json) => Promise<AdmissionAnswer>,
): Promise<{ readonly apiVersion: string; readonly kind: string; readonly response: object }> {
  const { operation, object, oldObject, dryRun = false } = request;
  const asked = { operation, object, dryRun, ...(oldObject ? { oldObject } : {}) };
  const answer = await admit(asked);
  const response = {
    uid: request.uid,
    allowed: answer.allowed,
    ...(answer.message === undefined ? {} : { status: { message: answer.message } }),
    ...patchOf(object, answer.object as Json),
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}

/** A JSON patch that replaces whole members of the object. */
function patchOf(before: Json, after: Json): object {
  if (after === undefined) return {};
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const patch = changed.map((key) => ({ op: 'add', path: `/${key}`, value: after[key] }));
  return patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: btoa(JSON.stringify(patch)) };
}
