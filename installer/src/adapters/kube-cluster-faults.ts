import type { Code } from '#engine/codes';
import { Fault, type FaultAbout } from '#engine/fault';
import { formatSpan } from '#engine/span';
import { UnservedKind } from '#kube/client';
import { type StatusCause, StatusError } from '#kube/status-error';
import type { KubeObject, ObjectRef } from '#ports/cluster';

/** `Deployment longhorn-system/longhorn-ui`. */
export function nameOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

interface Doing {
  /** `read Node plant-7-a`, `apply Deployment x/y`. */
  readonly what: string;
  /** `object Deployment x/y`. */
  readonly where: readonly string[];
  readonly object?: KubeObject;
}

/** Does something with the cluster; the one place where what the API server says becomes a Fault. */
export async function wrapped<T>(verb: string, work: () => Promise<T>, object?: KubeObject): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error, doing(verb, object));
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
  if (error instanceof UnservedKind) return unserved(error, act);
  return isUnreachable(error) ? unreachable(error, act) : error;
}

const networkCodes = /^(E[A-Z0-9]+|UND_ERR_.*|ERR_TLS.*|ERR_SSL.*|CERT_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*)$/;
const networkWords = /\b(connect|connection|ECONN\w+|socket|x509|tls|terminated|certificate|fetch failed)\b/i;

/** Whether no answer came at all. Anything else that is thrown is a mistake of ours and stays what it is. */
function isUnreachable(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof Fault) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.test(code) || (error.name === 'Error' && networkWords.test(error.message));
}

function fault(code: Code, act: Doing, about: Omit<FaultAbout, 'code' | 'where'>): Fault {
  return new Fault({ code, where: act.where, ...about });
}

function unreachable(error: Error, act: Doing): Fault {
  return fault('CLUSTER-UNREACHABLE', act, {
    message: `The API server does not answer (tried to ${act.what})`,
    cause: error.message,
    remedy: ['systemctl status k3s', 'journalctl --unit k3s --lines 50'],
  });
}

function unserved(error: UnservedKind, act: Doing): Fault {
  return fault('CLUSTER-REFUSED', act, {
    message: `Cannot ${act.what}: its kind does not exist in the cluster`,
    cause: error.message,
    remedy: ['kubectl api-resources', 'apply the component that brings the kind first'],
  });
}

function statusFault(error: StatusError, act: Doing): Fault {
  const owned = error.causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  if (error.code === 409 && owned.length > 0) return conflict(error, owned, act);
  if (error.message.includes('failed calling webhook')) return webhook(error, act);
  if (error.code === 422 && error.causes.some(isImmutable)) return immutable(error, act);
  if (error.code === 429 || error.code >= 500) return serverError(error, act);
  if (error.code === 409) return changedMeanwhile(error, act);
  return refused(error, act);
}

function conflict(error: StatusError, owned: readonly StatusCause[], act: Doing): Fault {
  const owners = [...new Set(owned.map(ownerOf))].map((owner) => `“${owner}”`).join(' and ');
  const fields = owned.map(({ field = '' }) => field);
  const [first = ''] = fields;
  const what = fields.length === 1 ? first : `${fields.length} fields, ${first} among them,`;
  return fault('CLUSTER-CONFLICT', act, {
    message: `Cannot ${act.what}: ${what} ${fields.length === 1 ? 'belongs' : 'belong'} to ${owners}`,
    cause: error.message.replaceAll('\n', ' '),
    evidence: owned.map((cause) => `${cause.field ?? ''} belongs to “${ownerOf(cause)}”`),
    remedy: [
      `${inspect(act)} --show-managed-fields -o yaml`,
      `take back what ${owners} changed, or stop it, then run again`,
    ],
  });
}

function ownerOf({ message = '' }: StatusCause): string {
  return /conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
}

function webhook(error: StatusError, act: Doing): Fault {
  const [, name = ''] = /failed calling webhook "([^"]+)"/.exec(error.message) ?? [];
  const [, url = ''] = /Post "([^"]+)"/.exec(error.message) ?? [];
  const [service = '', namespace = ''] = url.replace(/^https:\/\//, '').split(/[./:]/);
  const pods =
    service === '' ? 'kubectl get pods --all-namespaces' : `kubectl --namespace ${namespace} get endpoints ${service}`;
  return fault('CLUSTER-WEBHOOK', act, {
    message: `the admission webhook ${name} does not answer (tried to ${act.what})`,
    cause: error.message,
    remedy: [pods, 'wait until its pods are ready, then run again'],
  });
}

function isImmutable({ message = '' }: StatusCause): boolean {
  return /immutable|may not change once set|updates to .* (is|are) forbidden|updates .* forbidden|cannot change/i.test(
    message,
  );
}

function immutable(error: StatusError, act: Doing): Fault {
  const fields = error.causes.filter(isImmutable).map(({ field = '' }) => field);
  return fault('CLUSTER-IMMUTABLE', act, {
    message: `Cannot ${act.what}: ${fields.join(', ')} cannot be changed any more`,
    cause: error.message,
    evidence: sentences(error),
    remedy: [`${inspect(act)} -o yaml`, 'put the old value back into the profile, or delete the object and run again'],
  });
}

function serverError(error: StatusError, act: Doing): Fault {
  const { times, over } = error.tried ?? { times: 1, over: 0 };
  const again = times === 1 ? '' : `, ${times} times within ${formatSpan(over)}`;
  const busy = error.code === 429 || error.code === 503;
  return fault('CLUSTER-SERVER-ERROR', act, {
    message: `The API server answers HTTP ${error.code} (tried to ${act.what}${again})`,
    cause: busy ? error.message : meantBy(error.message),
    remedy: [
      'journalctl --unit k3s --lines 50          what it suffers from',
      "kubectl get --raw '/readyz?verbose'          which part of it is not well",
      'run the same command again once it is: it goes on from here',
    ],
  });
}

/** etcd lives by its disk: what it complains of is hardly ever etcd. */
function meantBy(message: string): string | Error {
  if (!/etcdserver: (request timed out|leader changed|no leader)/.test(message)) return message;
  return new Error('its database, etcd, does not get its writes to the disk in time', { cause: message });
}

function changedMeanwhile(error: StatusError, act: Doing): Fault {
  return fault('CLUSTER-CONFLICT', act, {
    message: `Cannot ${act.what}: somebody else changed it at the same time`,
    cause: error.message,
    remedy: ['run the same command again', `${inspect(act)} --show-managed-fields -o yaml`],
  });
}

function refused(error: StatusError, act: Doing): Fault {
  return fault('CLUSTER-REFUSED', act, {
    message: `The API server refused to ${act.what}`,
    cause: error.message,
    evidence: sentences(error),
    remedy: ['correct what it names, then run again', ...explained(act)],
  });
}

function sentences({ causes }: StatusError): readonly string[] {
  return causes.map(({ field, message = '' }) => (field ? `${field}: ${message}` : message));
}

function explained({ object }: Doing): readonly string[] {
  return object === undefined
    ? []
    : [`kubectl explain ${object.kind.toLowerCase()} --api-version ${object.apiVersion}`];
}

function inspect({ object }: Doing): string {
  if (object === undefined) return 'kubectl get';
  const { name, namespace } = object.metadata;
  return `kubectl get ${object.kind.toLowerCase()} ${name ?? ''}${namespace ? ` --namespace ${namespace}` : ''}`.trimEnd();
}
