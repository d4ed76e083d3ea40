import type { Change } from '#engine/step';
import type { Sight, Stage } from '#ports/world';
import { formatSize } from '#profile/units';
import type { Part } from './host-part.ts';

/** A file of the bundle, and where the machine wants it. */
export interface FromBundle {
  readonly from: string;
  readonly to: string;
}

export interface PlacedOptions {
  readonly mode: number;
  readonly restarts?: string;
  /** Done before the first file is placed. */
  before?(stage: Stage): Promise<void>;
}

/** Files of the bundle on the machine, compared by their content. */
export function fileFromBundle(
  files: (sight: Sight) => Promise<readonly FromBundle[]>,
  { mode, restarts, before }: PlacedOptions,
): Part {
  const extra = restarts === undefined ? {} : { restarts };
  return {
    async changes(sight) {
      const changes: Change[] = [];
      for (const file of await files(sight)) {
        const change = await placement(sight, file, mode);
        if (change !== undefined) changes.push({ ...change, ...extra });
      }
      return changes;
    },
    async make(stage) {
      await before?.(stage);
      for (const file of await files(stage)) {
        if ((await placement(stage, file, mode)) === undefined) continue;
        await stage.host.place((await stage.bundle.file(file.from)).source, file.to, mode);
      }
    },
  };
}

async function placement({ host, bundle }: Sight, { from, to }: FromBundle, mode: number): Promise<Change | undefined> {
  const [wanted, there, facts] = await Promise.all([bundle.file(from), host.digest(to), host.look(to)]);
  if (there === wanted.sha256 && facts?.mode === mode) return undefined;
  const told =
    there === undefined ? 'absent' : there === wanted.sha256 ? `mode ${facts?.mode.toString(8)}` : 'another version';
  return { what: to, from: told, to: `${from} of the bundle (${formatSize(wanted.size)})` };
}
