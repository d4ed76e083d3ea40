import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import { loadCatalog } from '#catalog/load-catalog';
import { type Code } from '#engine/codes';
import { Fault } from '#engine/fault';
import type { Act } from '#engine/step';
import type { Json } from '#kube/json';
import { fakeStage, siteOf } from '../verbs/fake-stage.ts';
import { configurationWhole } from './multus-configuration.ts';
import { takeBack } from './multus-take-back.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../../..'));
const directory = '/var/lib/rancher/k3s/agent/etc/cni/net.d';
const kubeconfig = `${directory}/multus.d/multus.kubeconfig`;
const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kube-multus-ds', namespace: 'kube-system' },
};
const podRef = { apiVersion: 'v1', kind: 'Pod', namespace: 'novasphere-system' };
/** Its namespace takes pods. */
const serviceAccount = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'novasphere-system' },
};
const fault = (code: Code) => new Fault({ code, message: 'a plain pod gets no network', remedy: ['look'] });

function broken() {
  const stage = fakeStage();
  stage.cluster.put(daemonSet);
  stage.files.set(`${directory}/00-multus.conf`, '{}');
  stage.files.set(kubeconfig, '');
  return stage;
}

describe('taking Multus back', () => {
  it('removes what writes the configuration, then the configuration, and says so', async () => {
    const stage = broken();

    const told = await takeBack(siteOf(catalog))(stage, fault('NETWORK-BROKEN'), stage.act);

    expect(told).toBe(
      `removed the Multus DaemonSet and ${directory}/00-multus.conf from plant-7-a: new pods start without Multus`,
    );
    expect(stage.cluster.writes).toEqual(['remove DaemonSet kube-multus-ds']);
    expect([...stage.files.keys()]).toEqual([]);
  });

  it('tells which nodes it could not reach', async () => {
    const stage = broken();

    expect(await takeBack(siteOf(catalog, {}, 3))(stage, fault('GATE-TIMEOUT'), stage.act)).toBe(
      `removed the Multus DaemonSet and ${directory}/00-multus.conf from plant-7-a: new pods start without Multus; on plant-7-b, plant-7-c remove ${directory}/00-multus.conf by hand`,
    );
  });

  it.each(['CLUSTER-SERVER-ERROR', 'IMAGE-MISSING', 'CLUSTER-CONFLICT'] as const)(
    'leaves it alone after %s',
    async (code) => {
      const stage = broken();

      expect(await takeBack(siteOf(catalog))(stage, fault(code), stage.act)).toBeUndefined();
      expect(stage.cluster.writes).toEqual([]);
    },
  );

  it('has nothing to take back before a configuration was written', async () => {
    const stage = fakeStage();
    stage.cluster.put(daemonSet);

    expect(await takeBack(siteOf(catalog))(stage, fault('GATE-TIMEOUT'), stage.act)).toBeUndefined();
    expect(stage.cluster.writes).toEqual([]);
  });
});

describe('taking Multus back from elsewhere', () => {
  const afar = (act: Pick<Act, 'waitFor'> = { waitFor: async () => [] }) => {
    const stage = { ...fakeStage(), host: outOfReachHost('plant-7-a') };
    stage.cluster.put(daemonSet, serviceAccount);
    return { stage, told: takeBack(siteOf(catalog, {}, 2))(stage, fault('NETWORK-BROKEN'), act) };
  };

  it('removes what writes the configuration, then by a pod on every node the configuration', async () => {
    const { stage, told } = afar();

    expect(await told).toBe(
      'removed the Multus DaemonSet and its configuration on plant-7-a, plant-7-b: new pods start without Multus',
    );
    expect(stage.cluster.writes).toEqual([
      'remove DaemonSet kube-multus-ds',
      'apply Pod take-back-multus-plant-7-a',
      'remove Pod take-back-multus-plant-7-a',
      'apply Pod take-back-multus-plant-7-b',
      'remove Pod take-back-multus-plant-7-b',
    ]);
  });

  it('uses pods that start without the pod network, wherever their node stands', async () => {
    const stage = { ...fakeStage(), host: outOfReachHost('plant-7-a') };
    stage.cluster.put(daemonSet, serviceAccount);
    let pod: Json;
    const waitFor = async () => {
      pod ??= await stage.cluster.get({ ...podRef, name: 'take-back-multus-plant-7-a' });
      return [];
    };

    await takeBack(siteOf(catalog))(stage, fault('NETWORK-BROKEN'), { waitFor });

    expect(pod.spec).toMatchObject({
      nodeName: 'plant-7-a',
      hostNetwork: true,
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ hostPath: { path: directory } }],
    });
    expect(pod.spec.containers[0].command.at(-1)).toBe(
      'set -e\nrm -f /machine/00-multus.conf\nrm -f /machine/00-multus.conflist\nrm -f /machine/multus.d/multus.kubeconfig',
    );
  });

  it('says what is to be done by hand on a node where no pod could do it', async () => {
    const { told } = afar({
      waitFor: async ({ title }) => {
        if (title.includes('plant-7-b')) throw fault('GATE-TIMEOUT');
        return [];
      },
    });

    expect(await told).toBe(
      `removed the Multus DaemonSet and its configuration on plant-7-a: new pods start without Multus; on plant-7-b no new pod may start until:  rm -f ${directory}/00-multus.conf ${directory}/00-multus.conflist ${kubeconfig}`,
    );
  });

  it('has nothing to take back where Multus is not installed', async () => {
    const stage = { ...fakeStage(), host: outOfReachHost('plant-7-a') };

    expect(await takeBack(siteOf(catalog))(stage, fault('NETWORK-BROKEN'), stage.act)).toBeUndefined();
    expect(stage.cluster.writes).toEqual([]);
  });
});

describe('the configuration of Multus', () => {
  it('is left to the proof where nobody can look at it', async () => {
    const stage = { ...fakeStage(), host: outOfReachHost('plant-7-a') };

    expect(await configurationWhole(siteOf(catalog))(stage)).toEqual({
      ready: true,
      evidence: [`${directory} of plant-7-a was not looked at from here`],
    });
  });

  const whole = { type: 'multus', clusterNetwork: `${directory}/10-flannel.conflist`, kubeconfig };
  const look = async (text: string, files: Readonly<Record<string, string>> = { [kubeconfig]: '' }) => {
    const stage = fakeStage();
    stage.files.set(`${directory}/00-multus.conf`, text);
    for (const [path, content] of Object.entries(files)) stage.files.set(path, content);
    return configurationWhole(siteOf(catalog))(stage);
  };

  it('is whole when it names the pod network and a kubeconfig that is there', async () => {
    expect(await look(JSON.stringify(whole))).toMatchObject({ ready: true });
  });

  it.each([
    ['{"type":', {}, 'is not JSON'],
    [JSON.stringify({ type: 'multus', kubeconfig }), undefined, 'names no pod network'],
    [JSON.stringify(whole), {}, `names the kubeconfig ${kubeconfig}, which is not there`],
  ])('is not whole: %s', async (text, files, problem) => {
    expect(await look(text, files)).toMatchObject({ ready: false, because: `${directory}/00-multus.conf ${problem}` });
  });

  it('is hopeless when it stays broken: every new pod fails meanwhile', async () => {
    const stage = fakeStage();
    const condition = configurationWhole(siteOf(catalog));
    stage.files.set(`${directory}/00-multus.conf`, '{');

    await condition(stage);
    stage.turn(31_000);

    expect(await condition(stage)).toMatchObject({
      hopeless: {
        code: 'NETWORK-BROKEN',
        message: 'Multus has written a configuration with which no pod can start on plant-7-a',
      },
    });
  });

  it('follows the data directory of k3s', async () => {
    const site = siteOf(catalog, { cluster: { k3s: { dataDir: '/data/k3s' } } });

    expect(await configurationWhole(site)(fakeStage())).toEqual({
      ready: false,
      because: 'Multus has not written 00-multus.conf into /data/k3s/agent/etc/cni/net.d yet',
    });
  });
});
