import { describe, expect, it } from 'vitest';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { bugReport } from './bug-report.ts';
import { explainRun, explainStep } from './explain-screen.ts';
import { historyOf } from './history.ts';
import { jsonReport } from './json.ts';
import { planScreen } from './plan-screen.ts';
import { statusScreen } from './status-screen.ts';
import { tell } from './tell.ts';
import { textReport } from './text.ts';

/** Where the run waits for Longhorn for the third time. */
const waitingIndex = sampleJournal().findLastIndex(
  (entry) => entry.event === 'waiting' && entry.step === 'longhorn/longhorn',
);
const failed = tell(sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } }));

describe('the plan screen', () => {
  it('lists every change, what restarts, what is destroyed, and how long it took last time', async () => {
    const screen = planScreen(sampleJournal({ mode: 'inspect' }), { history: historyOf([sampleJournal()]) });

    await expect(screen).toMatchFileSnapshot('../../../test/golden/report/plan-screen.txt');
    expect(screen.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('says that there is nothing to change', () => {
    expect(planScreen(sampleJournal({ mode: 'inspect', converged: true }))).toBe(
      'Nothing to change: 34 steps looked at, all as wanted.\n',
    );
  });

  it('shows what is in the way', () => {
    const entries = sampleJournal({ mode: 'inspect', fail: { step: 'preflight/memory', fault: sampleFault } });

    expect(planScreen(entries)).toMatchInlineSnapshot(`
      "✖ Check memory
        KubeVirt stays Deploying because one image is missing:
        quay.io/kubevirt/virt-launcher:v1.7.0
        because  pod kubevirt/virt-handler-x2v9p cannot start its container
                 virt-launcher-init: ErrImageNeverPull
                 the bundle of this site does not hold the image
        where    host plant-7-a, step kubevirt/cr, object DaemonSet
                 kubevirt/virt-handler
        seen     Container image "quay.io/kubevirt/virt-launcher:v1.7.0" is not present with pull policy of Never
        try      novasphere bundle verify
                 add the image to the bundle, then run
                   novasphere apply profiles/single-node.yaml  again

      in all      0 changes in 0 steps of 34
      reboot      not needed
      destroys    nothing
      in the way  1 fault
      "
    `);
  });
});

describe('the text report', () => {
  it('tells a run that ended well', async () => {
    await expect(textReport(tell(sampleJournal()))).toMatchFileSnapshot('../../../test/golden/report/report.txt');
  });

  it('tells a run that failed', () => {
    expect(textReport(failed)).toMatchInlineSnapshot(`
      "novasphere apply  plant-7
      run       20261121-060000-apply
      began     2026-11-21 06:00:00 UTC
      ended     failed after 16 min 51 s
      changed   35 things in 17 steps

      ✔ Check the machine                 8/8 steps, 0 changed, 31 s
      ✔ Prepare the host                  7/7 steps, 7 changed, 1 min 8 s
      ✔ Start Kubernetes                  4/4 steps, 4 changed, 2 min 46 s
      ✔ Install Longhorn storage          3/3 steps, 3 changed, 7 min 41 s
      ✔ Install Multus                    1/1 steps, 1 changed, 27 s
      ✔ Install NMState                   1/1 steps, 1 changed, 1 min 4 s
      ✖ Install KubeVirt                  2/2 steps, 1 changed, 3 min 14 s
      · Install CDI                       not begun
      · Install cert-manager              not begun
      · Install the Wukong operator       not begun
      · Boot a sample VM                  not begun

      ✖ Configure KubeVirt
        KubeVirt stays Deploying because one image is missing:
        quay.io/kubevirt/virt-launcher:v1.7.0
        because  pod kubevirt/virt-handler-x2v9p cannot start its container
                 virt-launcher-init: ErrImageNeverPull
                 the bundle of this site does not hold the image
        where    host plant-7-a, step kubevirt/cr, object DaemonSet
                 kubevirt/virt-handler
        seen     Container image "quay.io/kubevirt/virt-launcher:v1.7.0" is not present with pull policy of Never
        try      novasphere bundle verify
                 add the image to the bundle, then run
                   novasphere apply profiles/single-node.yaml  again
      "
    `);
  });

  it('tells every change and gate when asked to', () => {
    const text = textReport(tell(sampleJournal()), { verbose: true });

    expect(text).toContain('      - vm.swappiness: 60 → 10\n');
    expect(text).toContain('      passed KubeVirt to be deployed  3 min 7 s\n        KubeVirt is Deployed, v1.7.0\n');
  });
});

describe('the JSON report', () => {
  it('holds the story and the certificate under a version', () => {
    const report = jsonReport(tell(sampleJournal()));

    expect(report).toMatchObject({ version: 1, story: { outcome: 'done' }, certificate: { proofs: { length: 4 } } });
    expect(jsonReport(failed).certificate).toBeNull();
  });
});

describe('the status screen', () => {
  const halfway = tell(sampleJournal().slice(0, waitingIndex + 1));
  const now = Date.parse(halfway.last) + 90_000;

  it('says what a run waits for, since when, and why', () => {
    expect(statusScreen(halfway, { now, isAlive: true, history: historyOf([sampleJournal()]) })).toMatchInlineSnapshot(`
      "novasphere apply  plant-7
      run       20261121-060000-apply, began 2026-11-21 06:00:00 UTC
      state     running, 12 min 12 s
      phases    3 of 11 done
      at work   Install Longhorn storage: Install Longhorn
      waits for Longhorn to have a schedulable disk on every node
      since     2026-11-21 06:04:40 UTC, 7 min 31 s ago; it took 6 min 52 s last time
      because   the disk of plant-7-a is not ready: waiting for the instance manager
      "
    `);
  });

  it('tells a run that was cut from one that goes on', () => {
    expect(statusScreen(halfway, { now, isAlive: false })).toContain(
      'state     cut off without an end; run the same command again, it goes on from',
    );
  });

  it('leads from a failed run to its explanation', () => {
    expect(statusScreen(failed, { now, isAlive: false })).toMatchInlineSnapshot(`
      "novasphere apply  plant-7
      run       20261121-060000-apply, began 2026-11-21 06:00:00 UTC
      state     failed, 16 min 51 s
      phases    6 of 11 done
      fault     Configure KubeVirt: KubeVirt stays Deploying because one image is
                missing: quay.io/kubevirt/virt-launcher:v1.7.0
                novasphere explain
      "
    `);
  });
});

describe('the explanation', () => {
  it('puts the root cause first', () => {
    expect(explainRun(failed)).toMatchInlineSnapshot(`
      "plant-7: the run 20261121-060000-apply ended: failed

      root cause  the bundle of this site does not hold the image

      ✖ Configure KubeVirt
        KubeVirt stays Deploying because one image is missing:
        quay.io/kubevirt/virt-launcher:v1.7.0
        because  pod kubevirt/virt-handler-x2v9p cannot start its container
                 virt-launcher-init: ErrImageNeverPull
                 the bundle of this site does not hold the image
        where    host plant-7-a, step kubevirt/cr, object DaemonSet
                 kubevirt/virt-handler
        seen     Container image "quay.io/kubevirt/virt-launcher:v1.7.0" is not present with pull policy of Never
        try      novasphere bundle verify
                 add the image to the bundle, then run
                   novasphere apply profiles/single-node.yaml  again
      "
    `);
  });

  it('tells what a run without fault waits for', () => {
    expect(explainRun(tell(sampleJournal().slice(0, waitingIndex + 1)))).toMatchInlineSnapshot(`
      "plant-7: the run 20261121-060000-apply is running, or cut off by a power failure
      Install Longhorn  (longhorn/longhorn on plant-7-a)
      state       running, began 2026-11-21 06:04:29 UTC
      change      Namespace longhorn-system: created
      change      DaemonSet longhorn-system/longhorn-manager: created
      change      Deployment longhorn-system/longhorn-driver-deployer: created
      change      Deployment longhorn-system/longhorn-ui: created
      waits for   Longhorn to have a schedulable disk on every node, 6 min 1 s
                  not yet: DaemonSet longhorn-system/longhorn-manager has 0 of 1 pods
                  ready
                  not yet: no Longhorn node plant-7-a yet
                  not yet: the disk of plant-7-a is not ready: waiting for the
                  instance manager
      "
    `);
  });

  it('says that nothing went wrong', () => {
    expect(explainRun(tell(sampleJournal()))).toBe(
      'plant-7: the run 20261121-060000-apply ended: done\nNothing in it went wrong.\n',
    );
  });

  it('tells all that is known of one step', () => {
    const step = tell(sampleJournal()).phases[2]!.steps[3]!;

    expect(explainStep(step)).toMatchInlineSnapshot(`
      "Start k3s  (k3s/unit on plant-7-a)
      state       applied, began 2026-11-21 06:03:18 UTC
      change      unit k3s.service: absent → enabled and active
      passed      the node and the system pods to be ready, 54 s
                  not yet: the API server does not answer yet
                  not yet: node plant-7-a is not ready: container runtime network not
                  ready
                  not yet: pod kube-system/coredns-6c8d9b is pending
                  node plant-7-a is Ready, kubelet v1.35.8+k3s1
                  4 of 4 system pods run
                  kubernetes.default resolves from a pod
      "
    `);
  });
});

describe('the bug report', () => {
  it('takes the blame and holds what is needed to find the mistake', () => {
    const text = bugReport(new TypeError('x is undefined', { cause: 'y' }), {
      version: '0.1.0',
      command: 'apply a.yaml',
    });

    expect(text).toContain(
      '✖ This is a mistake in Novasphere, not in your profile or on your machine\n  TypeError: x is undefined\n',
    );
    expect(text).toContain('command: novasphere apply a.yaml\nTypeError: x is undefined\n    at ');
    expect(text).toContain('because y');
  });
});
