import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import { childMeta } from '../child-meta.ts';
import type { CloudInitPlan, GuestNic } from '../plan.ts';
import { needsNetworkData, networkData } from './network-data.ts';
import type { CloudInitSeen } from './seen.ts';
import { userData } from './user-data.ts';
import { userPart } from './user-part.ts';

/** The one name of a disk that no user may take. */
const volume = 'cloudinitdisk';

export function cloudInitSecretName(wukong: Wukong): string {
  return `${wukong.metadata.name}-cloudinit`;
}

/** What the guest of a Wukong is told at its first start. Pure but for new salts, which `seen.passwords` makes. */
export function planCloudInit(wukong: Wukong, nics: readonly GuestNic[], seen: CloudInitSeen): CloudInitPlan {
  const networkdata = needsNetworkData(nics) ? networkData(nics) : undefined;
  const user = userPart(wukong, seen);
  const { mistakes } = user;
  if (user.waits !== undefined) return { objects: [], disks: [], volumes: [], waits: user.waits, mistakes };
  if (mistakes.length > 0) return { objects: [], disks: [], volumes: [], mistakes };
  const theirs = wukong.spec.cloudInit?.userDataSecretRef.name;
  // KubeVirt takes no network data without user data, so there is a document that says nothing.
  const userdata =
    user.userdata ??
    (theirs === undefined && networkdata !== undefined ? userData(undefined, undefined, []) : undefined);
  const data = {
    ...(userdata === undefined ? {} : { userdata }),
    ...(networkdata === undefined ? {} : { networkdata }),
  };
  const own = cloudInitSecretName(wukong);
  return {
    objects: Object.keys(data).length === 0 ? [] : [secretOf(wukong, data)],
    ...drive(theirs ?? (userdata === undefined ? undefined : own), networkdata === undefined ? undefined : own),
    ...noteOf(wukong),
    mistakes,
  };
}

/** The Secrets of its namespace that a Wukong names. */
export function secretNames({ spec }: Wukong): readonly string[] {
  const { sshKeySecret, cloudInitUser, cloudInit } = spec;
  const all = [sshKeySecret, cloudInitUser?.passwordSecretRef?.name, cloudInit?.userDataSecretRef.name];
  return [...new Set(all.filter((one) => one !== undefined))];
}

function secretOf(wukong: Wukong, data: Readonly<Record<string, string>>): KubeObject {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: childMeta(wukong, cloudInitSecretName(wukong)),
    type: 'Opaque',
    data: Object.fromEntries(encoded),
  };
}

function drive(user: string | undefined, network: string | undefined): Pick<CloudInitPlan, 'disks' | 'volumes'> {
  if (user === undefined) return { disks: [], volumes: [] };
  const source = {
    secretRef: { name: user },
    ...(network === undefined ? {} : { networkDataSecretRef: { name: network } }),
  };
  return {
    disks: [{ name: volume, disk: { bus: 'virtio' } }],
    volumes: [{ name: volume, cloudInitNoCloud: source }],
  };
}

function noteOf({ spec }: Wukong): Pick<CloudInitPlan, 'note'> {
  if (spec.cloudInitUser?.password === undefined) return {};
  const note =
    'the guest gets a hash of cloudInitUser.password, but the Wukong itself still holds the password as plain text, and so may its annotation of kubectl apply; give passwordHash or passwordSecretRef instead';
  return { note };
}
