import { Fault } from '#engine/fault';
import type { Finding, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { blocked, finding } from '../verbs/finding.ts';
import { factsOf } from '../verbs/host-facts.ts';
import type { Remark } from './check.ts';
import { checks } from './checks.ts';

/** All checks of the machine at once, so that one visit to the site is enough to mend what is red. */
export function machineStep(site: Site): Step {
  return {
    id: 'preflight/machine',
    title: 'Check the machine',
    async probe(sight) {
      const machine = { site, sight, facts: await factsOf(sight) };
      const remarks: Remark[] = [];
      for (const check of checks) remarks.push(...(await check(machine)));
      return concluded(remarks);
    },
    apply: async () => {},
  };
}

function concluded(remarks: readonly Remark[]): Finding {
  const red = remarks.filter((remark) => remark instanceof Fault);
  const notes = remarks.filter((remark) => typeof remark === 'string');
  const [first] = red;
  if (first === undefined) return finding([], notes);
  return blocked(red.length === 1 ? first : together(first, red));
}

/** Several red checks under the code of the first: each with its own code, and the next thing to do for each. */
function together(first: Fault, red: readonly Fault[]): Fault {
  const [remedy, ...others] = red.map((fault) => fault.remedy[0]);
  return new Fault({
    code: first.code,
    message: `${red.length} checks of this machine are red`,
    evidence: red.flatMap((fault) => [`${fault.code}  ${fault.message}`, ...fault.evidence.map((line) => `  ${line}`)]),
    remedy: [remedy ?? first.remedy[0], ...others],
  });
}
