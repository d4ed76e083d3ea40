import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { hostOf } from '#profile/host-of';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';
import { revealed } from '../verbs/revealed.ts';

type User = ReturnType<typeof hostOf>['users'][number];

/** Who may log in. Accounts that the profile does not name are left as they are. */
export function usersStep(site: Site): Step {
  const { users } = hostOf(site.profile, site.node);
  return stepOf(
    { id: 'host/users', title: 'Create users' },
    ...users.flatMap((user) => [account(user), ...password(site, user), ...keys(user)]),
  );
}

function account({ name }: User): Part {
  return {
    async changes({ host }) {
      return (await entry(host, 'passwd', name)) === undefined
        ? [{ what: `user ${name}`, from: 'absent', to: 'there' }]
        : [];
    },
    make: async ({ host }) =>
      void (await host.run(['useradd', '--create-home', '--shell', '/bin/bash', '--groups', 'sudo', name])),
  };
}

function password(site: Site, { name, passwordHash }: User): readonly Part[] {
  if (passwordHash === undefined) return [];
  const hash = () => (typeof passwordHash === 'string' ? passwordHash : revealed(site, passwordHash));
  const part: Part = {
    async changes({ host }) {
      const isSet = (await entry(host, 'shadow', name))?.[1] === hash();
      return isSet ? [] : [{ what: `password of ${name}`, to: '‹secret›' }];
    },
    make: async ({ host }) => void (await host.run(['chpasswd', '--encrypted'], { input: `${name}:${hash()}\n` })),
  };
  return [part];
}

function keys({ name, authorizedKeys }: User): readonly Part[] {
  if (authorizedKeys.length === 0) return [];
  const directory = name === 'root' ? '/root/.ssh' : `/home/${name}/.ssh`;
  const path = `${directory}/authorized_keys`;
  const written = fileWith(path, `${authorizedKeys.join('\n')}\n`, {
    mode: 0o600,
    // sshd reads the file as the user, and only when nobody else could have written it.
    after: [
      ['install', '-d', '-o', name, '-g', name, '-m', '0700', directory],
      ['chown', `${name}:${name}`, path],
    ],
  });
  return [written];
}

async function entry(host: HostSight, database: string, name: string): Promise<readonly string[] | undefined> {
  const { exitCode, stdout } = await host.ask(['getent', database, name]);
  return exitCode === 0 ? stdout.trim().split(':') : undefined;
}
