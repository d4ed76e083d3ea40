import { causeOf } from '#diagnosis/diagnose';
import type { Fault } from '#engine/fault';
import { minute, second } from '#engine/step';
import type { Sight } from '#ports/world';
import type { Awaited, Condition, Seen } from './condition.ts';
import { Persistence } from './persistence.ts';

/** What stays the same for so long wants an explanation. */
const patience = 1 * minute;
/** A look at the whole cluster costs some forty lists. */
const pause = 30 * second;

/** The same condition; where it waits long for an object and cannot say why, the root is looked for in the cluster. */
export function rootBehind(condition: Condition): Condition {
  const lasting = new Persistence();
  let known: { readonly at: number; readonly key: string; readonly root: Fault | undefined } | undefined;
  return async (sight) => {
    const seen = await condition(sight);
    if (seen.ready || seen.about === undefined || seen.blame !== undefined || seen.hopeless !== undefined) return seen;
    const key = JSON.stringify(seen.about);
    if (lasting.since(key, sight.now()) < patience) return seen;
    if (known?.key !== key || sight.now() - known.at >= pause)
      known = { at: sight.now(), key, root: await rootOf(seen.about, sight) };
    return known.root === undefined ? seen : told(seen, known.root);
  };
}

function told(seen: Seen & { readonly ready: false }, root: Fault): Seen {
  return { ...seen, because: `${seen.because}; at the root of it: ${root.message}`, blame: root };
}

/** Looks without watching: what is read for an explanation shall not wake the gate. */
async function rootOf(about: Awaited, sight: Sight): Promise<Fault | undefined> {
  const look = sight.cluster.observe();
  try {
    return await causeOf({ cluster: look.sight, now: () => sight.now() }, about);
  } finally {
    look.close();
  }
}
