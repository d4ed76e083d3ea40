import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import type { Shelf } from '../shelf.ts';
import { consoleOf, stuckConsole } from './guest-console.ts';
import { countBoot, dataDiskOf, type GuestDisks } from './guest-disks.ts';
import type { VirtShelves } from './virt-controller.ts';

/** Software emulation makes a guest so much slower. */
const EMULATED = 6;
const MARK = 'novasphere-boot';

/** The guests inside the running instances: they boot, they print, they remember their boots on their data disk. */
export function guests(stage: Stage, disks: GuestDisks, shelves: VirtShelves): void {
  const booted = new Set<string>();
  stage.follow({
    path: kindPath('kubevirt.io/v1', 'VirtualMachineInstance'),
    on({ type, object }, shelf) {
      const instance: Json = object;
      const pod = Object.keys(instance.status?.activePods ?? {})[0];
      if (instance.status?.phase !== 'Running' || pod === undefined || booted.has(pod)) return;
      booted.add(pod);
      // It ran before anybody looked: either it still does, or it is what the API server remembers of an earlier boot.
      if (type === 'ADDED') return;
      stage.spawn(() => boot(stage, { disks, shelves, shelf }, instance, pod));
    },
  });
}

interface Inside {
  readonly disks: GuestDisks;
  readonly shelves: VirtShelves;
  readonly shelf: Shelf;
}

async function boot(stage: Stage, inside: Inside, instance: Json, pod: string): Promise<void> {
  const { namespace, name, uid } = instance.metadata;
  const launcher = inside.shelves.pods.all().find((one) => one.metadata.uid === pod);
  const log = `${namespace}/${launcher?.metadata.name}/guest-console-log`;
  const alive = () => {
    const now: Json = inside.shelf.get(name, namespace);
    return now?.metadata.uid === uid && now.metadata.deletionTimestamp === undefined && now.status?.phase === 'Running';
  };
  const emulated = emulates(inside.shelves);
  const data = await userData(stage, instance);
  const disk = () =>
    stage.bench.troubles.has('storage-forgets') ? undefined : dataDiskOf(instance, inside.shelves.claims);
  const script = data?.includes(MARK) ? () => `${MARK}=${countBoot(inside.disks, disk())}\n` : undefined;
  const silent = stage.bench.troubles.has('guest-silent', name) || stage.bench.troubles.has('guest-silent');
  const hostname = instance.spec.hostname ?? name;
  const lines = consoleOf({ hostname, emulated, hasUserData: data !== undefined, ...(script && { script }) });
  const duration = (20 + 20 * stage.bench.random()) * (emulated ? EMULATED : 1);
  let elapsed = 0;
  for (const line of silent ? stuckConsole.map((one) => ({ ...one, print: () => one.text })) : lines) {
    if (line.at > elapsed) await stage.bench.clock.sleep((line.at - elapsed) * duration * 1000, stage.bench.signal);
    elapsed = line.at;
    if (!alive()) return;
    stage.bench.logs.append(log, line.print());
  }
}

function emulates(shelves: VirtShelves): boolean {
  const configuration: Json = (shelves.kubevirts.all()[0] as Json)?.spec?.configuration;
  return configuration?.developerConfiguration?.useEmulation === true;
}

/** The user data of a guest, wherever its cloud-init volume keeps it. */
async function userData(stage: Stage, instance: Json): Promise<string | undefined> {
  const sources = (instance.spec.volumes ?? []).map((one: Json) => one.cloudInitNoCloud ?? one.cloudInitConfigDrive);
  const source: Json = sources.find((one: Json) => one !== undefined);
  if (source === undefined) return undefined;
  if (source.userData !== undefined) return source.userData;
  if (source.userDataBase64 !== undefined) return Buffer.from(source.userDataBase64, 'base64').toString();
  const secret = source.secretRef?.name;
  if (secret === undefined) return undefined;
  const found: Json = await stage.api.get(`${kindPath('v1', 'Secret', instance.metadata.namespace)}/${secret}`);
  const text = found?.data?.userdata ?? found?.data?.userData;
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString();
}
