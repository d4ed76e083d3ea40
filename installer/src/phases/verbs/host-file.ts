import type { Change } from '#engine/step';
import { type Host, replacementOf } from '#ports/host';
import type { Sight, Stage } from '#ports/world';
import type { Part } from './host-part.ts';
import { isPending, whilePending } from './host-pending.ts';
import { textChange } from './text-change.ts';

/** Argument lists, run in order, or whatever else has to follow a change of the file. */
export type After = readonly (readonly [string, ...string[]])[] | ((stage: Stage) => Promise<void>);

export interface FileOptions {
  /** Default: 0o644. */
  readonly mode?: number;
  /** What makes the change effective. Runs again when a power cut came between the file and its end. */
  readonly after?: After;
  /** What restarts because of it, for the plan: `k3s`, `machine`. */
  readonly restarts?: string;
  /** The content is never shown, not even a line of it. */
  readonly secret?: true;
}

/** What a file shall hold; undefined: there shall be no such file. A function is for what depends on the machine. */
export type Content = string | undefined | ((sight: Sight) => Promise<string | undefined>);

/** A file with exactly this content and mode. */
export function fileWith(path: string, content: Content, options: FileOptions = {}): Part {
  const { mode = 0o644, after, restarts } = options;
  const note = path.slice(1).replaceAll('/', '-');
  const wanted = async (sight: Sight) => (typeof content === 'function' ? content(sight) : content);
  const extra = restarts === undefined ? {} : { restarts };
  return {
    async changes(sight) {
      const change = await fileChange(sight, path, await wanted(sight), mode, options.secret === true);
      if (change !== undefined) return [{ ...change, ...extra }];
      const unfinished = after !== undefined && (await isPending(sight.host, note));
      return unfinished ? [{ what: path, from: 'written, but not yet in effect', to: 'in effect', ...extra }] : [];
    },
    async make(stage) {
      const text = await wanted(stage);
      if (after === undefined) return put(stage.host, path, text, mode);
      await whilePending(stage.host, note, async () => {
        await put(stage.host, path, text, mode);
        await follow(stage, after);
      });
    },
  };
}

async function fileChange(
  sight: Sight,
  path: string,
  wanted: string | undefined,
  mode: number,
  secret: boolean,
): Promise<Change | undefined> {
  const [content, facts] = await Promise.all([sight.host.read(path), sight.host.look(path)]);
  if (wanted === undefined && content === undefined) return leftover(sight, path);
  if (content !== wanted) return secret ? hidden(path, content, wanted) : textChange(path, content, wanted);
  if (facts === undefined || facts.mode === mode) return undefined;
  return { what: path, from: `mode ${facts.mode.toString(8)}`, to: `mode ${mode.toString(8)}` };
}

/** What a power cut left beside a file that shall not be there; beside one that shall, it is written over. */
async function leftover({ host }: Sight, path: string): Promise<Change | undefined> {
  const beside = replacementOf(path);
  const isThere = (await host.look(beside)) !== undefined;
  return isThere ? { what: beside, from: 'left by a power cut', to: 'absent' } : undefined;
}

function hidden(path: string, from: string | undefined, to: string | undefined): Change {
  if (to === undefined) return { what: path, from: '‹secret›', to: 'absent' };
  return { what: path, from: from === undefined ? 'absent' : '‹secret›', to: '‹secret›' };
}

async function put(host: Host, path: string, text: string | undefined, mode: number): Promise<void> {
  return text === undefined ? host.remove(path) : host.write(path, text, mode);
}

async function follow(stage: Stage, after: After): Promise<void> {
  if (typeof after === 'function') return after(stage);
  for (const command of after) await stage.host.run(command);
}
