import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { Refusal } from './kube-api.ts';
import { kindPath } from './kube-path.ts';

/** What a component tells people about an object, as `kubectl describe` shows it. */
export interface Notice {
  readonly about: KubeObject;
  readonly reason: string;
  readonly message: string;
  readonly by: string;
  readonly type?: 'Normal' | 'Warning';
}

/** Records an event; the same event again counts up, as the real recorder's does. */
export async function recordEvent(stage: Stage, notice: Notice): Promise<void> {
  const { about, reason, message } = notice;
  const namespace = about.metadata.namespace ?? 'default';
  const name = `${about.metadata.name}.${fingerprint(`${about.metadata.uid} ${reason} ${message}`)}`;
  const path = `${kindPath('v1', 'Event', namespace)}/${name}`;
  const seen = await stage.api.get(path);
  const again = { count: (seen?.['count'] ?? 0) + 1, lastTimestamp: stage.now() };
  if (seen !== undefined) return void (await stage.api.patch(path, again));
  await stage.api.create({ ...eventOf(notice, name, namespace), ...again, firstTimestamp: stage.now() }).catch(ifGone);
}

function eventOf(notice: Notice, name: string, namespace: string): KubeObject {
  const { about, reason, message, by } = notice;
  const { name: of, uid, resourceVersion } = about.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name: of, namespace, uid, resourceVersion },
    type: notice.type ?? 'Warning',
    reason,
    message,
    source: { component: by },
    reportingComponent: by,
    reportingInstance: '',
  };
}

/** Events of a namespace that is going away are refused; nobody misses them. */
function ifGone(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

/** FNV-1a in hexadecimal: short, stable names for what has no name of its own. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
