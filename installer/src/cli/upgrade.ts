import { takeLock } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { type Journey, journey, type VersionChange } from '#catalog/skew';
import { skewRules } from '#catalog/skew-rules';
import { Fault } from '#engine/fault';
import { reach } from '#engine/reach';
import { installedIn } from '#phases/upgrade/installed';
import { changeLine, faultOf } from '#phases/upgrade/refused';
import { wantedBy } from '#phases/upgrade/versions-step';
import { upgradeOrder, upgradePhases } from '#phases/upgrade-phases';
import { compile } from '#plan/compile';
import type { Circumstances, Plan } from '#plan/plan';
import type { World } from '#ports/world';
import { historyOf } from '#report/history';
import { agree } from './apply.ts';
import type { Call } from './call.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { worldHere } from './here.ts';
import { type GivenSite, givenSite } from './site.ts';
import { stateOf } from './state.ts';
import { walk } from './walk.ts';

/** `novasphere upgrade PROFILE`: what becomes which version, whether the platform is fit for it, and then the same phases in its own order. */
export async function upgrade(call: Call): Promise<number> {
  const { words, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const lock = takeLock(stateOf(terminal).path, { command: 'upgrade', now: systemClock().now() });
  try {
    if (lock.tookOver !== undefined) terminal.tell(`${lock.tookOver}\n`);
    // A journal that this version cannot read keeps everything from beginning.
    const history = historyOf(stateOf(terminal).all());
    const world = await worldHere(site, call, 'apply');
    const found = await lookedAt(site, world);
    terminal.tell(journeyScreen(found));
    const signal = call.interruption();
    const planFor = (about: Circumstances = {}) => upgradePlan(site, found.k3s, call, about);
    const { units } = planFor();
    refuseElsewhere(units, reach(units, world), world, 'upgrade');
    const refused = await agree(site, units, call, { signal, history });
    if (refused !== undefined) return refused;
    const result = await walk(site, world, call, { command: 'upgrade', planFor, choose: (units) => units, signal });
    return result.exitCode;
  } finally {
    lock.release();
  }
}

/** Where the cluster stands, and that there is a way from there. */
async function lookedAt(site: GivenSite, { cluster, remote }: World): Promise<Journey> {
  const installed = await installedIn(cluster);
  if (Object.keys(installed.versions).length === 0) throw nothingInstalled();
  const found = journey(installed, wantedBy(site));
  const fault = faultOf(found, true);
  if (fault !== undefined) throw fault;
  const k3s = found.changes.find(({ name }) => name === 'k3s');
  if (remote !== undefined && k3s !== undefined) throw machinesElsewhere(k3s, remote.server);
  return found;
}

function machinesElsewhere(k3s: VersionChange, server: string): Fault {
  return new Fault({
    code: 'HOST-OUT-OF-REACH',
    message: `this machine is not a node of the cluster at ${server}, and ${changeLine(k3s)} is done on its machines`,
    cause: 'a machine is only ever changed by a run on that very machine',
    remedy: [
      'novasphere upgrade PROFILE --bundle DIR          on the first server of the cluster, without --kubeconfig',
    ],
  });
}

function upgradePlan(site: GivenSite, k3s: Journey['k3s'], { options }: Call, about: Circumstances): Plan {
  const without = options.flag('withoutSnapshot') ? { withoutSnapshot: true as const } : {};
  return compile(site.profile, site.catalog, upgradePhases(k3s), { ...about, upgrading: true, ...without });
}

/** Old and new, in the order in which they become it. */
export function journeyScreen({ changes, k3s }: Journey): string {
  if (changes.length === 0) return 'every component has the version of this release already\n';
  const order = upgradeOrder(k3s);
  const rows = changes.toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  const widths = [
    Math.max(...rows.map((row) => titleOf(row).length)),
    Math.max(...rows.map(({ from }) => from.length)),
  ];
  const lines = rows.map((row) => {
    const [title, from] = [titleOf(row).padEnd(widths[0] ?? 0), row.from.padEnd(widths[1] ?? 0)];
    return `  ${title}  ${from}  →  ${row.to}`;
  });
  const what = rows.length === 1 ? '1 component becomes' : `${rows.length} components become`;
  return [`${what} another version${rows.length === 1 ? '' : ', in this order'}:`, ...lines, '', ''].join('\n');
}

function titleOf({ name }: VersionChange): string {
  return skewRules[name].title;
}

function nothingInstalled(): Fault {
  return new Fault({
    code: 'UPGRADE-UNFIT',
    message: 'there is nothing to upgrade: this cluster has none of the components',
    remedy: ['novasphere apply PROFILE --bundle DIR          installs them'],
  });
}
