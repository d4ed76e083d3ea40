import { load } from 'js-yaml';
import type { Json } from '#kube/json';
import type { CloudInitUser, Wukong } from '../../../api/wukong.ts';
import type { Mistake, Verdict } from '../plan.ts';
import { isHashable } from './password.ts';
import type { CloudInitSeen } from './seen.ts';

/** The hash that the guest gets; neither, when the user has no password. */
export interface UserPassword {
  readonly hash?: string;
  readonly waits?: Verdict;
  readonly mistake?: Mistake;
}

/** A hash that is given counts; what is given as text is hashed once, and the text goes no further than this. */
export function userPassword(wukong: Wukong, user: CloudInitUser, seen: CloudInitSeen): UserPassword {
  if (user.passwordHash !== undefined) return { hash: user.passwordHash };
  if (user.password !== undefined) return hashed(wukong, 'password', user.password, seen);
  const { passwordSecretRef: ref } = user;
  if (ref === undefined) return {};
  // Many a Secret is made of a file, and a file ends with a line feed that nobody types at a login.
  const password = seen.secret(ref.name)?.[ref.key]?.replace(/\r?\n$/, '');
  if (password !== undefined && password !== '') return hashed(wukong, 'passwordSecretRef', password, seen);
  const lacks =
    seen.secret(ref.name) === undefined
      ? `the Secret ${ref.name} with the password of the user is not there; make it`
      : `the Secret ${ref.name} has no password under the key ${ref.key}; add it`;
  return {
    waits: {
      status: 'False',
      reason: 'MissingDependency',
      message: `${lacks}, or correct cloudInitUser.passwordSecretRef`,
    },
  };
}

function hashed(wukong: Wukong, field: string, password: string, seen: CloudInitSeen): UserPassword {
  if (isHashable(password))
    return { hash: seen.passwords.hashOf(wukong.metadata.uid ?? '', password, storedHash(seen.stored?.userdata)) };
  const message = `spec.cloudInitUser.${field}: a password of no characters, or of 64 bytes or a multiple, cannot be hashed here; take one of another length, or give passwordHash`;
  return { mistake: { reason: 'InvalidSpec', message } };
}

/** The hash in the user data that is stored now, if anything can be read there. */
function storedHash(userdata: string | undefined): string | undefined {
  try {
    const document: Json = load(userdata ?? '');
    const hash: unknown = document?.users?.[0]?.passwd;
    return typeof hash === 'string' ? hash : undefined;
  } catch {
    return undefined;
  }
}
