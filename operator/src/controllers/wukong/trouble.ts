import { UnservedKind } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import { veiled } from '../../runtime/veil.ts';

/** What went wrong while one object was applied. */
export interface Trouble {
  readonly kind: string;
  /** Trying again is no use until the specification, or the object, changes. */
  readonly terminal: boolean;
  readonly reason:
    | 'ApplyFailed'
    | 'NameConflict'
    | 'NADConflict'
    | 'FieldConflict'
    | 'MissingDependency'
    | 'SnapshotInProgress';
  readonly message: string;
}

/** Words by which KubeVirt's admission tells that it is busy with something that ends by itself. */
const passing = /(snapshot|restore)\b.*in progress|until (snapshot|restore) ".*" completes/i;

/** What an error of the API server means for the object; anything else is no answer and is thrown on. */
export function troubleOf(error: unknown, { kind, metadata }: KubeObject): Trouble {
  const about = `${kind} ${metadata.name}`;
  if (error instanceof UnservedKind)
    return { kind, terminal: false, reason: 'MissingDependency', message: `${about}: ${error.message}` };
  if (!(error instanceof StatusError)) throw error;
  // Admission repeats what it refuses, and everybody may read a status.
  const message = veiled(`${about}: ${error.message}`);
  if (passing.test(error.message)) return { kind, terminal: false, reason: 'SnapshotInProgress', message };
  const terminal = error.code === 422 || error.code === 400;
  return { kind, terminal, reason: 'ApplyFailed', message };
}

/** An object of that name is somebody else's: it is never overwritten. */
export function nameTaken({ kind, metadata }: KubeObject): Trouble {
  const reason = kind === 'NetworkAttachmentDefinition' ? 'NADConflict' : 'NameConflict';
  const message = `${kind} ${metadata.name} is there already and belongs to something else: rename it, or the Wukong`;
  return { kind, terminal: false, reason, message };
}

/** Somebody has taken fields over by applying them himself: he is told, and not fought. */
export function fieldsTaken({ kind, metadata }: KubeObject, owners: readonly FieldOwner[]): Trouble {
  const told = owners.map(({ manager, field }) => `${field} by ${manager}`).join(', ');
  const message = `${kind} ${metadata.name}: fields that the Wukong decides have been applied by others: ${told}; take them out of what is applied there`;
  return { kind, terminal: true, reason: 'FieldConflict', message };
}

export interface FieldOwner {
  readonly manager: string;
  readonly field: string;
  /** Whether he has applied the field, and so means to keep it; a plain edit does not. */
  readonly applies: boolean;
}

/**
 * Who owns what a 409 of server-side apply is about. The API server words it `conflict with "kubectl-edit" using v1`
 * for a manager that wrote, and `conflict with "argocd"` for one that applied.
 */
export function fieldOwners(error: StatusError): readonly FieldOwner[] {
  return error.causes.flatMap(({ reason, message = '', field = '' }) => {
    const [, manager, rest = ''] = /^conflict with "([^"]*)"(.*)$/.exec(message) ?? [];
    if (reason !== 'FieldManagerConflict' || manager === undefined) return [];
    return [{ manager, field, applies: !rest.includes(' using ') }];
  });
}
