import { Fault } from '#engine/fault';
import { type Catalog, componentNames } from './catalog.ts';
import { skewRules } from './skew-rules.ts';
import { lineOf, minorsBetween, versionOf } from './version.ts';

/** The lines of Kubernetes that the components of this release are made for. */
const oldest = '1.34';
const newest = '1.36';

/**
 * Holds the version of a cluster that somebody else has set up against the components: a Fault CLUSTER-UNSUPPORTED, or
 * a sentence for each component whose own project does not name that Kubernetes.
 */
export function judgeKubernetes(version: string, server: string, catalog: Catalog): readonly string[] {
  if (versionOf(version) === undefined || !isWithin(lineOf(version), oldest, newest))
    throw new Fault({
      code: 'CLUSTER-UNSUPPORTED',
      message: `the cluster at ${server} runs Kubernetes ${version}; the components of this release are made for ${oldest} to ${newest}`,
      remedy: [
        `upgrade the cluster to Kubernetes ${newest} or a version down to ${oldest}, then run again`,
        'or use the release of Novasphere whose components are made for its version',
      ],
    });
  const line = lineOf(version);
  return componentNames.flatMap((name) => {
    const { version: own } = catalog.components[name];
    const rule = name === 'sample-vm' ? undefined : skewRules[name];
    const range = versionOf(own) === undefined ? undefined : rule?.kubernetes?.[lineOf(own)];
    if (rule === undefined || range === undefined || isWithin(line, ...range)) return [];
    return [`${rule.title} ${own} is made for Kubernetes ${range.join(' to ')}; the cluster runs ${version}`];
  });
}

function isWithin(line: string, from: string, to: string): boolean {
  return lineOf(line).startsWith('1.') && minorsBetween(from, line) >= 0 && minorsBetween(line, to) >= 0;
}
