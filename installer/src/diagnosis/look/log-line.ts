import type { Json } from '#kube/json';
import { objectName, podsOf } from '../names.ts';
import type { Signature } from '../signatures/signature.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, type Trouble } from '../trouble.ts';
import { sentenceOf } from '../words.ts';
import { blamedWebhooks } from './webhook-text.ts';

/** What the last known line in the log of a container says of it. */
export function fromLog(
  pod: Json,
  container: string,
  about: About,
  lines: readonly string[],
  seen: Survey,
): Trouble | undefined {
  const line = lines.findLast((one) => meaningOf(one) !== undefined);
  const fits = line === undefined ? undefined : meaningOf(line);
  if (fits === undefined || line === undefined) return undefined;
  const { namespace, name } = pod.metadata;
  // What an importer complains of is the disk that it fills.
  const place = { node: pod.spec.nodeName, namespace, pod: name, container, name: name.replace(/^importer-/, '') };
  const blames = [...rolesOf(fits, seen), ...blamedWebhooks(line)].filter((key) => key !== about.key);
  return known({ ...about, code: codeOf(fits, about), blames }, fits, place, sentenceOf(line));
}

/** The pods that a signature says are really to blame. */
export function rolesOf({ blames }: Signature, seen: Survey, node?: string): readonly string[] {
  return blames === undefined ? [] : podsOf(seen.of('Pod'), blames, node).map(objectName);
}

function codeOf({ id, blames }: Signature, { code }: About): About['code'] {
  if (blames === 'coredns' && id === 0) return 'DNS-DEAD';
  return id >= 17 && id <= 27 ? 'NETWORK-BROKEN' : code;
}

/** The last lines of a log as evidence. */
export function lastLines(lines: readonly string[]): readonly string[] {
  return lines.slice(-3).map((line) => `its log: ${sentenceOf(line)}`);
}
