import { describe, expect, it } from 'vitest';
import { jsonView } from '#adapters/json-view';
import { plainView } from '#adapters/plain-view';
import type { View } from '#ports/journal';
import { explainRun } from '#report/explain-screen';
import { faultScreen } from '#report/fault-screen';
import { htmlReport } from '#report/html';
import { jsonReport } from '#report/json';
import { planScreen } from '#report/plan-screen';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { endState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

// The law: no secret in anything that is shown, written down or handed to another program as an argument.

const secrets = ['made-up-K3S-TOKEN', 'made-up-run-secrets-admin-hash', 'made-up-run-secrets-registry'];
const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);

function withSecrets(text: string): string {
  return text
    .replace('    - name: admin\n', '    - name: admin\n      passwordHash: {fromFile: /run/secrets/admin-hash}\n')
    .replace('  k3s:\n', '  k3s:\n    token: {fromEnv: K3S_TOKEN}\n')
    .replace(
      /registries: \{\}.*/,
      `registries:
    mirrors: {docker.io: {endpoint: ["https://registry.plant7.example:5000"]}}
    configs:
      registry.plant7.example:5000:
        auth: {username: plant, password: {fromFile: /run/secrets/registry}}`,
    );
}

function revealedBy(text: string): readonly string[] {
  return forms.filter((form) => text.includes(form));
}

/** A view that keeps what both ways of writing lines would have shown. */
function bothViews(): { readonly view: View; shown(): string } {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const views = [plainView({ write, verbose: true, columns: 2000 }), jsonView(write)];
  return {
    view: {
      show: (entry) => views.forEach((view) => view.show(entry)),
      close: async () => void (await Promise.all(views.map((view) => view.close()))),
    },
    shown: () => text,
  };
}

/** Everything that anybody ever gets to see of the runs of a site. */
function seenOf({ runs, world }: Stage): Readonly<Record<string, string>> {
  const entries = runs.flatMap((run) => run.entries);
  const story = tell(entries);
  const wide = { columns: 2000, verbose: true };
  return {
    journal: JSON.stringify(entries),
    'text report': textReport(story, wide),
    'JSON report': JSON.stringify(jsonReport(story)),
    'HTML report': htmlReport(story),
    'plan screen': planScreen(entries, wide),
    explanation: explainRun(story, wide),
    'fault screens': runs.flatMap((run) => run.faults.map((fault) => faultScreen(fault.record(), wide))).join('\n'),
    'commands and requests': world.writes().join('\n'),
    'paths of requests': world.server.log.map((one) => one.path).join('\n'),
  };
}

/** Which of these texts tell a secret. */
function leaksIn(seen: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(seen).flatMap(([name, text]) => revealedBy(text).map((form) => `${name}: ${form}`));
}

describe('the law of silence about secrets', () => {
  it('says nothing in a whole installation, and keeps secrets in files that only root can read', async () => {
    const site = await stage('single-node', { text: withSecrets });
    const { view, shown } = bothViews();
    await site.play({ view });

    const leaks = leaksIn({ ...seenOf(site), views: shown() });
    const state = await endState(site.world);
    const holding = state.filter((line) => revealedBy(line).length > 0).map((line) => line.split('"')[0]);

    expect(site.runs.at(-1)?.outcome).toBe('done');
    expect(shown()).toContain('/etc/rancher/k3s/registries.yaml');
    expect(leaks).toEqual([]);
    expect(holding).toEqual([
      'plant-7-a file /etc/rancher/k3s/registries.yaml file 600 root ',
      'plant-7-a file /etc/rancher/k3s/token file 600 root ',
      'plant-7-a file /etc/shadow file 640 root ',
    ]);
    site.world.close();
  });

  it.each(['k3s/token', 'k3s/registries', 'host/users', 'k3s/service'])('says nothing when %s fails', async (step) => {
    const site = await stage('single-node', { text: withSecrets });
    const { view, shown } = bothViews();
    await site.play({ mishaps: [`disk-full@${step}`], view });

    const seen: Readonly<Record<string, string>> = { ...seenOf(site), views: shown() };

    expect(site.runs.at(-1)?.outcome).toBe('failed');
    expect(seen['fault screens']).not.toBe('');
    expect(leaksIn(seen)).toEqual([]);
    site.world.close();
  });
});
