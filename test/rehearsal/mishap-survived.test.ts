import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { faultScreen } from '#report/fault-screen';
import { plannedMishap, type RehearsedRun } from '#world/rehearsal';
import type { SimulatedWorld } from '#world/simulated';
import { stage } from '../fixtures/rehearsed.ts';
import { badDay, converged, screenOf } from './bad-day.ts';

const opened: SimulatedWorld[] = [];
afterEach(() => {
  for (const world of opened.splice(0)) world.close();
});

async function opening() {
  const one = await stage('single-node');
  opened.push(one.world);
  return one;
}

const notesOf = (runs: readonly RehearsedRun[]) =>
  runs.flatMap(({ entries }) => entries.flatMap((entry) => (entry.event === 'note' ? [entry.text] : [])));

describe('a mishap that passes', () => {
  it('waits as long as a busy API server asks to, and ends well', async () => {
    const { runs, screen, end } = await badDay('api-429');

    expect(screen).toBe('no fault');
    expect(notesOf(runs)).toEqual(['mishap api-429@cdi: the API server asks for patience (429) for a minute']);
    expect(end).toEqual(converged);
  });

  it('reads again what was watched when every watch breaks', async () => {
    const { screen, end } = await badDay('watch-dropped');

    expect(screen).toBe('no fault');
    expect(end).toEqual(converged);
  });

  it('asks again while a storm of errors is shorter than two minutes', async () => {
    const { world, play } = await opening();
    await play();
    world.stage.weather.storm({ status: 500, seconds: 100 });

    const [run] = await play();

    expect(run).toMatchObject({ outcome: 'done', changed: 0 });
  });

  it('emulates VMs without virtualisation where the profile allows it, and says so', async () => {
    const { runs, screen, end } = await badDay('no-virtualisation');

    const notes = runs.flatMap(({ entries }) =>
      entries.flatMap((one) => (one.event === 'found' ? (one.notes ?? []) : [])),
    );
    expect(screen).toBe('no fault');
    expect(notes).toContain(
      'Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz offers no virtualisation: VMs will be emulated, many times slower',
    );
    expect(end).toEqual(converged);
  });
});

describe('several mishaps', () => {
  it('are met one after the other, told, and mended', async () => {
    const { runs, end } = await badDay(['power-cut@host/netplan', 'image-missing', 'wrong-cable']);

    expect(runs.map(({ outcome, exitCode }) => `${outcome} ${exitCode}`)).toEqual([
      'failed 1',
      'cut 5',
      'rebooting 5',
      'failed 1',
      'done 0',
    ]);
    expect(notesOf(runs)).toEqual([
      'mishap wrong-cable@preflight: the management interface has no carrier',
      'mended: wrong-cable@preflight',
      'mishap power-cut@host/netplan: the power goes at the first write',
      'mishap image-missing@k3s: an image is in no archive of the bundle',
      'mended: image-missing@k3s',
    ]);
    expect(end).toEqual(converged);
  });

  it('are mended also when they struck before a restart', async () => {
    const { runs, end } = await badDay('dns-dead@host');

    expect(runs.map(({ outcome }) => outcome)).toEqual(['rebooting', 'failed', 'done']);
    expect(end).toEqual(converged);
  });
});

describe('a mishap that nobody mends', () => {
  it('stops the next run at the first look when the clock is still wrong', async () => {
    const { play } = await opening();
    await play({ mishaps: ['clock-jump'] });

    const [run] = await play();

    expect(screenOf(run)).toMatchInlineSnapshot(`
      "PREFLIGHT-CLOCK
      ✖ The clock cannot be trusted
        the clock says 2024-11-21, before this release was made
        because  certificates made with a wrong clock are refused once it is right
        where    host plant-7-a, step preflight/machine
        try      date --set 'YYYY-MM-DD hh:mm:ss' && hwclock --systohc
                   sets the clock, also the one on the mainboard
                 change the battery of the mainboard
                   where the clock falls back at every start
      "
    `);
    expect(run).toMatchObject({ outcome: 'failed', exitCode: 1, changed: 0 });
  });
});

describe('a broken Multus', () => {
  it('is taken back, so that a plain pod starts as before', async () => {
    const { world, play } = await opening();
    const [, run] = await play({ mishaps: ['multus-broken'] });

    const undone = run?.entries.flatMap((entry) => (entry.event === 'undone' ? [entry.because] : []));
    expect(undone).toEqual([
      'removed the Multus DaemonSet and /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf from plant-7-a: new pods start without Multus',
    ]);
    expect(world.machines[0]?.list('/var/lib/rancher/k3s/agent/etc/cni/net.d')).not.toContain('00-multus.conf');
    expect(await phaseOfPlainPod(world)).toBe('Running');
  });
});

/** What becomes of an ordinary pod within a minute. */
async function phaseOfPlainPod({ cluster, clock }: SimulatedWorld): Promise<string> {
  const metadata = { name: 'plain', namespace: 'default' };
  const containers = [
    { name: 'plain', image: 'docker.io/rancher/mirrored-library-busybox:1.37.0', command: ['sleep', '3600'] },
  ];
  await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
  await clock.sleep(60_000);
  const pod: Json = await cluster.get({ apiVersion: 'v1', kind: 'Pod', ...metadata });
  return pod.status.phase;
}

describe('--mishap', () => {
  const asked = async (text: string) => {
    const { plan } = await stage('single-node');
    try {
      plannedMishap(text, plan);
      return 'no fault';
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return `${error.exitCode} ${error.code}\n${faultScreen(error.record())}`;
    }
  };

  it('guesses which mishap was meant', async () => {
    expect(await asked('imagemissing@cdi')).toMatchInlineSnapshot(`
      "2 MISHAP-UNKNOWN
      ✖ There is no such mishap
        there is no mishap called “imagemissing”
        seen     bundle-unsigned       nobody has signed the bundle
                 power-cut             the power goes at the first write
                 disk-full             there is no room left on the system disk
                 wrong-cable           the management interface has no carrier
                 two-disks-match       the data disk shows up twice, as one on two paths does
                 no-disk-matches       the data disk is not in the machine
                 disk-not-blank        the data disk holds a filesystem of somebody else
                 no-virtualisation     the firmware has CPU virtualisation switched off
                 hugepages-fragmented  memory is too fragmented for the hugepages
                 clock-jump            the clock falls back two years (an empty battery)
                 image-missing         an image is in no archive of the bundle
                 kubevirt-stuck        one image of KubeVirt is gone, so it stays Deploying
                 image-denied          a registry refuses an image that is not on the node
                 webhook-silent        an admission webhook never answers
                 longhorn-webhook      longhorn-manager waits for its own webhook for ever
                 disk-changed          Longhorn finds another disk than the one it marked
                 data-lost             what is written to a volume is gone for the next reader
                 multus-broken         with what Multus writes, every new pod fails
                 policy-refused        NMState rolls back whatever it is asked to change
                 qemu-denied           libvirt on the machine keeps KubeVirt from running QEMU
                 device-denied         pods may not open the block devices of their own volumes
                 dns-dead              cluster DNS answers nothing
                 node-not-ready        the node stops being Ready
                 guest-silent          the sample VM never prints a login prompt
                 api-500               the API server answers 500 for three minutes
                 api-429               the API server asks for patience (429) for a minute
                 watch-dropped         every watch breaks again and again
        try      did you mean  --mishap image-missing@cdi
      "
    `);
  });

  it('guesses which place was meant', async () => {
    expect(await asked('power-cut@multis')).toMatchInlineSnapshot(`
      "2 MISHAP-UNKNOWN
      ✖ There is no such mishap
        this profile's plan has no phase or step called “multis”
        seen     phases: preflight, host, k3s, longhorn, multus, nmstate, kubevirt, cdi, cert-manager, operator, verify
        try      did you mean  --mishap power-cut@multus
      "
    `);
  });

  it('lists the steps of a phase when the step is unknown', async () => {
    expect(await asked('power-cut@multus/everything')).toMatchInlineSnapshot(`
      "2 MISHAP-UNKNOWN
      ✖ There is no such mishap
        this profile's plan has no phase or step called “multus/everything”
        seen     phases: preflight, host, k3s, longhorn, multus, nmstate, kubevirt, cdi, cert-manager, operator, verify
                 steps of multus: multus/install, multus/plain-pod, multus/second-nic
        try      write  NAME@STEP, for example  --mishap power-cut@multus
      "
    `);
  });

  it('shows how to write one when nothing is near', async () => {
    expect(await asked('earthquake')).toContain('try      write  NAME@STEP, for example  --mishap power-cut@multus');
    expect(await asked('@k3s')).toContain('which mishap?');
    expect(await asked('power-cut@')).toContain("this profile's plan has no phase or step called “”");
  });

  it('says when a mishap strikes at a phase that the profile has switched off', async () => {
    const { plan } = await stage('single-node', {
      text: (text) => text.replace('certManager: {} ', 'certManager: {enabled: false} '),
    });

    expect(() => plannedMishap('webhook-silent', plan)).toThrow(
      "webhook-silent strikes at cert-manager, and this profile's plan has nothing of that name",
    );
  });
});
