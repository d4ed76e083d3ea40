import type { Json } from '#kube/json';
import { shapeOf } from './finish.ts';
import type { Kind } from './kinds.ts';
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts';
import { refuse } from './refusal.ts';

/** What a patch makes of the object that is there. */
export function patcher(type: string, body: Json, kind: Kind): (live: Json) => Json {
  // A patch has no version of its own to be checked against, only when it states one.
  const unversioned = ({ metadata, ...rest }: Json) => ({
    ...rest,
    metadata: { ...metadata, resourceVersion: undefined },
  });
  const stated = body?.metadata?.resourceVersion;
  const versioned = (object: Json) => (stated === undefined ? unversioned(object) : object);
  if (type === 'application/merge-patch+json') return (live) => versioned(mergePatch(live, body));
  if (type === 'application/json-patch+json') return (live) => unversioned(jsonPatch(live, body));
  if (type === 'application/strategic-merge-patch+json' && !kind.custom) {
    return (live) => versioned(strategicPatch(live, body, shapeOf(kind)));
  }
  throw refuse.mediaType();
}
