import { hostPackages } from '#catalog/host-packages';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import { hostOf } from '#profile/host-of';
import { dataDiskOf } from '../../host/data-disk/data-disk-finding.ts';
import { deviceOf } from '../../host/data-disk/disk-name.ts';
import { packageStates } from '../../verbs/host-packages.ts';
import { keptFile, recordIn } from '../cluster/keep-step.ts';
import type { ResetWish } from '../wish.ts';
import { keptBelow } from './k3s-files-step.ts';
import { staying } from './own-files.ts';

/** Something that a reset has left on the machine, and why somebody may want to know. */
export interface Remaining {
  readonly what: string;
  /** Paths, devices or names. */
  readonly where: readonly string[];
  /** Bytes, where it is worth telling. */
  readonly size?: number;
}

const usualPath = '/var/lib/longhorn';

/** What stays on this machine after a reset, the heaviest first. */
export async function remainingOn(site: Site, wish: ResetWish, sight: Sight): Promise<readonly Remaining[]> {
  const { host } = sight;
  return [
    ...(await storage(site, sight)),
    ...(await records(site, wish, host)),
    ...(await settings(host)),
    ...(await packages(host)),
    ...accounts(site),
  ];
}

async function storage(site: Site, sight: Sight): Promise<readonly Remaining[]> {
  const { host } = sight;
  const disk = await dataDiskOf(site.node, sight);
  const path = site.node.disks.data?.mount ?? usualPath;
  const replicas = await host.list(`${path}/replicas`);
  const held =
    replicas.length === 0
      ? []
      : [await measured(`data of volumes, in ${counted(replicas.length)}`, `${path}/replicas`, host)];
  if (disk !== undefined)
    return [
      ...held,
      { what: `the ${disk.wanted.filesystem} filesystem of the data disk`, where: [deviceOf(disk.disk)] },
    ];
  const isThere = (await host.look(path)) !== undefined;
  return held.length > 0 || !isThere ? held : [await measured('the directory of Longhorn', path, host)];
}

function counted(replicas: number): string {
  return replicas === 1 ? '1 directory' : `${replicas} directories`;
}

async function measured(what: string, path: string, host: HostSight): Promise<Remaining> {
  const { exitCode, stdout } = await host.ask(['du', '-s', '--block-size=1', path]);
  const size = Number.parseInt(stdout, 10);
  return { what, where: [path], ...(exitCode === 0 && size >= 0 ? { size } : {}) };
}

async function records(site: Site, wish: ResetWish, host: HostSight): Promise<readonly Remaining[]> {
  const kept = (await recordIn(host)).length;
  const list = { what: `where the data of ${kept} volume${kept === 1 ? '' : 's'} lies`, where: [keptFile] };
  const places = await there(keptBelow(site, wish), host);
  return [
    ...(kept === 0 ? [] : [list]),
    ...(places.length === 0 ? [] : [{ what: 'what the cluster can be brought back from', where: places }]),
  ];
}

async function settings(host: HostSight): Promise<readonly Remaining[]> {
  const found = await Promise.all(staying.map(async ({ what, where }) => ({ what, where: await there(where, host) })));
  return found.filter(({ where }) => where.length > 0);
}

/** A name with a star stands for every file that begins and ends like it. */
async function there(paths: readonly string[], host: HostSight): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (!path.includes('*')) return (await host.look(path)) === undefined ? [] : [path];
      const folder = path.slice(0, path.lastIndexOf('/'));
      const [start = '', end = ''] = path.slice(folder.length + 1).split('*');
      const names = (await host.list(folder)).filter((name) => name.startsWith(start) && name.endsWith(end));
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  return found.flat();
}

async function packages(host: HostSight): Promise<readonly Remaining[]> {
  const states = await packageStates(host, hostPackages);
  const installed = [...states].filter(([, state]) => state === 'installed').map(([name]) => name);
  return installed.length === 0 ? [] : [{ what: 'packages', where: installed }];
}

function accounts({ profile, node }: Site): readonly Remaining[] {
  const names = hostOf(profile, node).users.map(({ name }) => name);
  return names.length === 0 ? [] : [{ what: 'accounts', where: names }];
}
