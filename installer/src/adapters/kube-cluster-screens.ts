import type { Code } from '#engine/codes';
import { Fault, type FaultAbout } from '#engine/fault';
import { formatSpan } from '#engine/span';
import type { UnservedKind } from '#kube/client';
import type { StatusCause, StatusError } from '#kube/status-error';
import type { KubeObject } from '#ports/cluster';
import { conflictStory } from './kube-cluster-conflict.ts';
import { isImmutable } from './kube-cluster-immutable.ts';

/** What was being done when the API server did not do it. */
export interface Doing {
  /** `read Node plant-7-a`, `apply Deployment x/y`. */
  readonly what: string;
  /** `object Deployment x/y`. */
  readonly where: readonly string[];
  readonly object?: KubeObject;
  /** The object as it was read before. */
  readonly live?: KubeObject;
}

/** What people read, by what went wrong. */
export const screens = {
  unreachable,
  unserved,
  conflict,
  webhook,
  immutable,
  unknownToServer,
  notAllowed,
  serverError,
  changedMeanwhile,
  refused,
} as const;

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

function conflict(error: StatusError, contested: readonly StatusCause[], act: Doing): Fault {
  const { said, evidence, patch, owners } = conflictStory(contested, act);
  const [edit, set] = ['edit', 'patch'].map((verb) => inspect(act).replace('kubectl get', `kubectl ${verb}`));
  return fault('CLUSTER-CONFLICT', act, {
    message: `Cannot ${act.what}: ${said}`,
    cause: error.message.replaceAll('\n', ' '),
    evidence,
    remedy: [
      patch === undefined
        ? `${edit}          give these fields the wanted values; then run again`
        : `${set} --type merge --patch '${patch}'          gives the wanted value; then run again`,
      `${inspect(act)} --show-managed-fields -o yaml          shows who owns what`,
      `stop what writes as ${owners}, where it comes back by itself`,
    ],
  });
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

function immutable(error: StatusError, act: Doing): Fault {
  const fields = [...new Set(error.causes.filter(isImmutable).map(({ field = '' }) => field))];
  return fault('CLUSTER-IMMUTABLE', act, {
    message: `Cannot ${act.what}: ${fields.join(', ')} cannot be changed any more`,
    cause: brief(error.message),
    evidence: [...new Set(sentences(error).map(brief))],
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

function unknownToServer(error: StatusError, act: Doing): Fault {
  return fault('CLUSTER-DENIED', act, {
    message: `The API server does not know who is asking (tried to ${act.what})`,
    cause: error.message,
    remedy: [
      'kubectl auth whoami          whether the token or certificate of the kubeconfig still holds',
      'copy the kubeconfig anew: k3s keeps it at /etc/rancher/k3s/k3s.yaml',
    ],
  });
}

function notAllowed(error: StatusError, act: Doing): Fault {
  return fault('CLUSTER-DENIED', act, {
    message: `The user of the kubeconfig may not ${act.what}`,
    cause: error.message,
    remedy: [
      'kubectl auth can-i --list          what this user may do',
      'use the kubeconfig of an administrator: /etc/rancher/k3s/k3s.yaml',
    ],
  });
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

const longest = 240;

/** A refusal without what some of them carry behind or inside: a comparison line by line, a whole object as Go prints it. */
function brief(message: string): string {
  const [line = ''] = message.split('\n');
  if (line.length <= longest) return line;
  const tail = line.slice(line.lastIndexOf(': '));
  return `${line.slice(0, longest - tail.length)}…${tail}`;
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
