import type { HostSight } from '#ports/host';
import type { Part } from '../../verbs/host-part.ts';

const ours = 'iqn.2019-10.io.longhorn:';
const folder = '/sys/class/iscsi_session';

interface Session {
  /** `session3`. */
  readonly name: string;
  readonly target: string;
}

/** Sessions to Longhorn's volumes, from the kernel itself. */
export async function sessionsOf(host: HostSight): Promise<readonly Session[]> {
  const names = await host.list(folder);
  const all = await Promise.all(
    names.map(async (name) => ({ name, target: ((await host.read(`${folder}/${name}/targetname`)) ?? '').trim() })),
  );
  return all.filter(({ target }) => target.startsWith(ours));
}

/** A session that stays behind tries for ever to reach a target that is gone, and holds up every shutdown. */
export const sessionsEnded: Part = {
  async changes({ host }) {
    return (await sessionsOf(host)).map(({ target }) => ({
      what: `iSCSI session ${target}`,
      from: 'open',
      to: 'closed',
    }));
  },
  async make({ host }) {
    for (const { name } of await sessionsOf(host))
      await host.run(['iscsiadm', '--mode', 'session', '--sid', name.replace('session', ''), '--logout']);
  },
};
