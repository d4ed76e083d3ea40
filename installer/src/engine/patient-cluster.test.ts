import { describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import type { KubeObject } from '#ports/cluster';
import type { Entry } from '#ports/journal';
import type { World } from '#ports/world';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { memoryJournal, silent, smallWorld } from '../../../test/fixtures/small-world.ts';
import { run } from './run.ts';
import type { Step } from './step.ts';

const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { a: '1' },
};
const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: 'default' };

/** A step that wants the settings; `acting` is called in the middle of its apply. */
function settingsStep(acting: () => void = () => {}): Step {
  return {
    id: 'cdi/settings',
    title: 'Apply the settings',
    async probe({ cluster }) {
      if ((await cluster.get(ref)) !== undefined) return { state: 'converged' };
      return { state: 'drifted', changes: [{ what: 'create ConfigMap default/settings' }] };
    },
    async apply({ cluster }) {
      acting();
      // Many at the same time, as steps do it.
      await Promise.all(['one', 'two', 'three'].map((name) => cluster.apply(named(name))));
      await cluster.apply(settings);
    },
  };
}

const named = (name: string) => ({ ...settings, metadata: { ...settings.metadata, name } });

function here() {
  const small = smallWorld();
  const server = new SimulatedApiServer({ clock: small.clock });
  const world: World = { ...small, cluster: new KubeCluster(server, small.clock) };
  const journal = memoryJournal();
  const stop = new AbortController();
  const play = (step: Step, mode: 'apply' | 'inspect' = 'apply') =>
    run([{ phase: { id: 'cdi', title: 'CDI', on: 'cluster', needs: [], steps: [step] }, host: 'one' }], world, {
      mode,
      head: { event: 'run-began' } as never,
      concurrency: 1,
      consents: new Set<string>(),
      intents: new Set<string>(),
      journal,
      view: silent,
      signal: stop.signal,
    });
  const backAfter = (milliseconds: number) => void small.clock.sleep(milliseconds).then(() => server.up());
  return { server, clock: small.clock, entries: journal.entries, play, backAfter, stop };
}

const waits = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => {
    if (entry.event === 'waiting') return [`${entry.gate}: ${entry.because}${entry.slow === true ? ' (slow)' : ''}`];
    return entry.event === 'passed' ? [`${entry.gate}: ${entry.evidence.join()} after ${entry.seconds} s`] : [];
  });

describe('an API server that stops in the middle of a run', () => {
  it('is waited for before a look, and the wait is told', async () => {
    const { server, play, backAfter, entries } = here();
    server.drop();
    backAfter(30_000);

    const { outcome } = await play(settingsStep());

    expect(outcome).toBe('done');
    expect(waits(entries)).toEqual([
      'the API server to answer: connect ECONNREFUSED 127.0.0.1:6443',
      'the API server to answer: it answers again after 30 s',
    ]);
  });

  it('is waited for in the middle of a change as well, once for all that is under way', async () => {
    const { server, play, backAfter, entries } = here();
    const drop = () => {
      server.drop();
      backAfter(90_000);
    };

    const { outcome } = await play(settingsStep(drop));

    expect(outcome).toBe('done');
    expect(waits(entries)).toEqual([
      'the API server to answer: connect ECONNREFUSED 127.0.0.1:6443',
      'the API server to answer: connect ECONNREFUSED 127.0.0.1:6443',
      'the API server to answer: connect ECONNREFUSED 127.0.0.1:6443 (slow)',
      'the API server to answer: it answers again after 90 s',
    ]);
  });

  it('counts as away until it says that it is ready', async () => {
    const { server, play, backAfter, entries, clock } = here();
    server.drop();
    backAfter(4_000);
    server.intercept = ({ path }) => {
      if (path !== '/readyz' || clock.elapsed() > 10_000) return undefined;
      return { status: 500, body: '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed' };
    };

    await play(settingsStep());

    expect(waits(entries).at(-1)).toBe('the API server to answer: it answers again after 12 s');
  });

  it('is given up after five minutes, and says how long it was waited for', async () => {
    const { server, play, clock } = here();
    server.drop();

    const { faults } = await play(settingsStep());

    expect(clock.elapsed()).toBeGreaterThanOrEqual(300_000);
    expect(faults.map((fault) => fault.record())).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "connect ECONNREFUSED 127.0.0.1:6443",
          ],
          "code": "CLUSTER-UNREACHABLE",
          "evidence": [
            "waited 5 min for it to answer again",
          ],
          "message": "The API server does not answer (tried to read ConfigMap default/settings)",
          "remedy": [
            "systemctl status k3s",
            "journalctl --unit k3s --lines 50",
          ],
          "where": [
            "host one",
            "step cdi/settings",
          ],
        },
      ]
    `);
  });

  it('is not waited for by who only looks what would be done', async () => {
    const { server, play, clock } = here();
    server.drop();

    const { faults } = await play(settingsStep(), 'inspect');

    expect(faults).toMatchObject([{ code: 'CLUSTER-UNREACHABLE', evidence: [] }]);
    expect(clock.elapsed()).toBe(0);
  });

  it('is not waited for any longer once the run is asked to stop', async () => {
    const { server, play, clock, stop } = here();
    server.drop();
    void clock.sleep(20_000).then(() => stop.abort());

    const { outcome, exitCode } = await play(settingsStep());

    expect([outcome, exitCode, clock.elapsed()]).toEqual(['interrupted', 5, 20_000]);
  });
});
