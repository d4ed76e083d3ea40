import { dump } from 'js-yaml';
import { commandsPage } from '#cli/commands-page';
import { mishapsPage } from '#cli/mishaps-page';
import { wukongReference } from '#operator/api/reference-page';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { profileJsonSchema } from '#profile/json-schema';
import { profileReference } from '#profile/reference';
import { eventsPage } from '#report/events-page';
import { faultsPage } from '#report/faults-page';
import { grafanaDashboard } from './grafana-dashboard.ts';
import { lintLayers } from './lint-layers.ts';
import { rehearsalPicture } from './rehearsal-picture.ts';

/** Every file that is made from a source and kept in the repository: `scripts/generate` writes them, a check compares. */
export const generated: readonly { readonly path: string; make(): string | Promise<string> }[] = [
  { path: 'profiles/profile.schema.json', make: () => `${JSON.stringify(profileJsonSchema(), undefined, 2)}\n` },
  { path: 'docs/reference/profile.md', make: profileReference },
  { path: 'docs/reference/commands.md', make: commandsPage },
  { path: 'docs/reference/mishaps.md', make: mishapsPage },
  { path: 'docs/reference/events.md', make: eventsPage },
  { path: 'docs/reference/faults.md', make: faultsPage },
  { path: '.oxlint-layers.json', make: lintLayers },
  { path: 'docs/images/rehearsal.svg', make: rehearsalPicture },
  { path: 'docs/reference/wukong.md', make: wukongReference },
  { path: 'manifests/operator/crds.yaml', make: definitions },
  { path: 'operator/deploy/dashboard.json', make: () => `${JSON.stringify(grafanaDashboard(), undefined, 2)}\n` },
];

function definitions(): string {
  const note = '# Generated from operator/src/api/schema by scripts/generate; not edited.\n';
  return (
    note + [wukongCrd(), wukongSnapshotCrd()].map((one) => dump(one, { lineWidth: -1, noRefs: true })).join('---\n')
  );
}
