import type { Json } from '#kube/json';
import type { CloudInitUser } from '../../../api/wukong.ts';
import { document } from './document.ts';

const groups = ['sudo', 'adm', 'dialout', 'cdrom', 'floppy', 'audio', 'dip', 'video', 'plugdev', 'netdev'];

/** User data; a user that is named takes the place of the distribution's own, who has the keys otherwise. */
export function userData(user: CloudInitUser | undefined, hash: string | undefined, keys: readonly string[]): string {
  return `#cloud-config\n${document(user === undefined ? keysAlone(keys) : withUser(user, hash, keys))}`;
}

function keysAlone(keys: readonly string[]): Json {
  return keys.length === 0 ? {} : { ssh_authorized_keys: keys };
}

function withUser(user: CloudInitUser, hash: string | undefined, keys: readonly string[]): Json {
  const isLocked = user.lockPasswd === true;
  const entry = {
    name: user.name,
    groups: user.groups ?? groups,
    // Empty is no rule at all, and an empty line of sudoers would be a broken one.
    ...(user.sudo === '' ? {} : { sudo: user.sudo ?? 'ALL=(ALL) NOPASSWD:ALL' }),
    shell: user.shell ?? '/bin/bash',
    lock_passwd: isLocked,
    ...(hash === undefined ? {} : { passwd: hash }),
    ...(keys.length === 0 ? {} : { ssh_authorized_keys: keys }),
  };
  return { users: [entry], ssh_pwauth: hash !== undefined && !isLocked };
}
