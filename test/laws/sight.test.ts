import { describe, expect, it } from 'vitest';
import type { Step } from '#engine/step';
import { isQuestion } from '#ports/question';

describe('the law of sight', () => {
  it('does not compile a probe that writes', () => {
    const steps: Step[] = [
      {
        id: 'x/write',
        title: 'x',
        async probe(sight) {
          // @ts-expect-error a probe cannot write a file
          await sight.host.write('/etc/passwd', '');
          return { state: 'converged' };
        },
        async apply() {},
      },
      {
        id: 'x/run',
        title: 'x',
        async probe(sight) {
          // @ts-expect-error a probe cannot run a command that changes something
          await sight.host.ask(['systemctl', 'restart', 'k3s']);
          return { state: 'converged' };
        },
        async apply() {},
      },
      {
        id: 'x/apply',
        title: 'x',
        async probe(sight) {
          // @ts-expect-error a probe cannot change the cluster
          await sight.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } });
          return { state: 'converged' };
        },
        async apply() {},
        gate: {
          title: 'x',
          soft: 1,
          hard: 1,
          async check(sight) {
            // @ts-expect-error neither can a gate
            await sight.cluster.remove({ apiVersion: 'v1', kind: 'Pod', name: 'x' });
            return { ready: true, evidence: [] };
          },
        },
      },
    ];

    expect(steps).toHaveLength(3);
  });

  it.for([
    ['reboot'],
    ['rm', '-rf', '/'],
    ['systemctl', 'stop', 'k3s'],
    ['sysctl', '-w', 'vm.swappiness=1'],
    ['ip', 'link', 'set'],
  ])('knows that %j is no question', (command) => {
    expect(isQuestion(command)).toBe(false);
  });

  it('knows a question by its first words', () => {
    expect(isQuestion(['systemctl', 'is-active', 'k3s'])).toBe(true);
    expect(isQuestion(['lsblk', '--json'])).toBe(true);
  });
});
