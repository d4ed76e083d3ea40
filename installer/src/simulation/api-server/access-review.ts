import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';

/** What somebody asks whether he may do it, as a SelfSubjectAccessReview names it. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Answers whether somebody may do something; undefined when that was not asked. Nothing is stored, whatever the answer. */
export function accessReview(request: Request, may: (access: Access) => boolean): Response | undefined {
  if (request.path !== path || request.method !== 'POST') return undefined;
  const { apiVersion, kind, spec }: Json = request.body;
  const { verb = '', group = '', resource = '', subresource } = spec?.resourceAttributes ?? {};
  const allowed = may({ verb, group, resource, ...(subresource === undefined ? {} : { subresource }) });
  const metadata = { creationTimestamp: null };
  return { status: 201, body: { apiVersion, kind, metadata, spec, status: { allowed } } };
}
