import type { Wukong } from '../../../api/wukong.ts';
import type { Mistake, Verdict } from '../plan.ts';
import type { CloudInitSeen } from './seen.ts';
import { sshKeys } from './ssh-keys.ts';
import { userData } from './user-data.ts';
import { userPassword } from './user-password.ts';

/** What is said of the user, as user data or as what they wait for. */
export interface UserPart {
  readonly userdata?: string;
  readonly waits?: Verdict;
  readonly mistakes: readonly Mistake[];
}

export function userPart(wukong: Wukong, seen: CloudInitSeen): UserPart {
  const { cloudInit, cloudInitUser: user, sshKeySecret } = wukong.spec;
  if (cloudInit !== undefined) return theirPart(cloudInit.userDataSecretRef.name, seen);
  if (user === undefined && sshKeySecret === undefined) return { mistakes: [] };
  const keys = sshKeySecret === undefined ? { keys: [] } : sshKeys(sshKeySecret, seen.secret(sshKeySecret));
  const { hash, waits, mistake } = user === undefined ? {} : userPassword(wukong, user, seen);
  if (mistake !== undefined) return { mistakes: [mistake] };
  if ('waits' in keys) return { waits: keys.waits, mistakes: [] };
  if (waits !== undefined) return { waits, mistakes: [] };
  return { userdata: userData(user, hash, keys.keys), mistakes: [] };
}

/** User data that the user has written are given on as they are. */
function theirPart(name: string, seen: CloudInitSeen): UserPart {
  const data = seen.secret(name);
  if (data !== undefined && (data['userdata'] ?? data['userData']) !== undefined) return { mistakes: [] };
  const lacks = data === undefined ? 'with the user data is not there; make it' : 'has no key userdata; add it';
  const message = `the Secret ${name} ${lacks}, or correct cloudInit.userDataSecretRef`;
  return { waits: { status: 'False', reason: 'MissingDependency', message }, mistakes: [] };
}
