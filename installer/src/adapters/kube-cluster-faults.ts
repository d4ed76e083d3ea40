import { Fault } from '#engine/fault';
import { UnservedKind } from '#kube/client';
import { isDefect } from '#kube/retry';
import { StatusError } from '#kube/status-error';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import { contestedFields } from './kube-cluster-conflict.ts';
import { isImmutable } from './kube-cluster-immutable.ts';
import { type Doing, screens } from './kube-cluster-screens.ts';

/** `Deployment longhorn-system/longhorn-ui`. */
export function nameOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Does something with the cluster; the one place where what the API server says becomes a Fault. */
export async function wrapped<T>(
  verb: string,
  work: () => Promise<T>,
  object?: KubeObject,
  live?: KubeObject,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error, { ...doing(verb, object), ...(live === undefined ? {} : { live }) });
  }
}

function doing(verb: string, object: KubeObject | undefined): Doing {
  if (object === undefined) return { what: verb, where: [] };
  const { name, namespace } = object.metadata;
  const shown = nameOf({
    kind: object.kind,
    name: name ?? `${generated(object)}…`,
    ...(namespace ? { namespace } : {}),
  });
  return { what: `${verb} ${shown}`, where: [`object ${shown}`], object };
}

function generated({ metadata }: KubeObject): string {
  return 'generateName' in metadata ? String(metadata.generateName) : '';
}

function translated(error: unknown, act: Doing): unknown {
  if (error instanceof StatusError) return statusFault(error, act);
  if (error instanceof UnservedKind) return screens.unserved(error, act);
  return isUnreachable(error) ? screens.unreachable(error, act) : error;
}

const networkCodes = /^(E[A-Z0-9]+|UND_ERR_.*|ERR_TLS.*|ERR_SSL.*|CERT_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*)$/;
const networkWords = /\b(connect|connection|ECONN\w+|socket|x509|tls|terminated|certificate|fetch failed)\b/i;

/** Whether no answer came at all. Anything else that is thrown is a mistake of ours and stays what it is. */
function isUnreachable(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof Fault) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.test(code) || (error.name === 'Error' && networkWords.test(error.message));
}

function statusFault(error: StatusError, act: Doing): Fault {
  const contested = contestedFields(error);
  if (contested.length > 0) return screens.conflict(error, contested, act);
  if (error.message.includes('failed calling webhook')) return screens.webhook(error, act);
  if (error.causes.some(isImmutable)) return screens.immutable(error, act);
  if (error.code === 401) return screens.unknownToServer(error, act);
  if (error.code === 403 && / cannot /.test(error.message)) return screens.notAllowed(error, act);
  if (isDefect(error.message)) return screens.refused(error, act);
  if (error.code === 429 || error.code >= 500) return screens.serverError(error, act);
  if (error.code === 409) return screens.changedMeanwhile(error, act);
  return screens.refused(error, act);
}
