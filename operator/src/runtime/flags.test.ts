import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { help } from './flag-table.ts';
import { defaultSettings, settingsOf } from './flags.ts';

const golden = join(import.meta.dirname, '../../../test/golden/operator/help.txt');

describe('the flags of the operator', () => {
  it('are explained by --help, with their variables and defaults', async () => {
    await expect(help()).toMatchFileSnapshot(golden);
    for (const line of help().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('have defaults that look after everything and touch no interface of a node', () => {
    expect(defaultSettings).toEqual({
      healthAddress: { port: 8081 },
      leaderElect: true,
      watchNamespaces: [],
      concurrency: 4,
      nmstate: { enabled: false, allowedUplinks: [], allowNodeNic: false, deletionPolicy: 'retain' },
      apiQps: 500,
      apiBurst: 1000,
      logLevel: 'info',
    });
  });

  it('are read as they are typed', () => {
    const words = [
      '--metrics-bind-address=127.0.0.1:8080',
      '--health-probe-bind-address',
      '[::1]:9000',
      '--no-leader-elect',
      '--watch-namespaces=plant, office,plant',
      '--max-concurrent-reconciles=8',
      '--enable-nmstate',
      '--nmstate-allowed-uplinks=eth1,eth2:br-lan',
      '--nmstate-allow-node-nic=true',
      '--nncp-deletion-policy=remove',
      '--kube-api-qps=20',
      '--kube-api-burst=30',
      '--log-level=debug',
      '--kubeconfig=/etc/x',
      '--context=lab',
    ];

    expect(settingsOf(words, {})).toEqual({
      metricsAddress: { host: '127.0.0.1', port: 8080 },
      healthAddress: { host: '::1', port: 9000 },
      leaderElect: false,
      watchNamespaces: ['plant', 'office'],
      concurrency: 8,
      nmstate: { enabled: true, allowedUplinks: ['eth1', 'eth2:br-lan'], allowNodeNic: true, deletionPolicy: 'remove' },
      apiQps: 20,
      apiBurst: 30,
      logLevel: 'debug',
      kubeconfig: '/etc/x',
      context: 'lab',
    });
  });

  it('are taken from the environment, where the command line says nothing', () => {
    const environment = { WUKONG_LOG_LEVEL: 'debug', WUKONG_LEADER_ELECT: 'false', WUKONG_CONTEXT: '' };

    expect(settingsOf(['--log-level=warn'], environment)).toMatchObject({ logLevel: 'warn', leaderElect: false });
    expect(settingsOf([], environment).context).toBeUndefined();
  });

  it('switch a server off by 0', () => {
    const settings = settingsOf(['--health-probe-bind-address=0', '--metrics-bind-address=0'], {});

    expect([settings.healthAddress, settings.metricsAddress]).toEqual([undefined, undefined]);
  });

  it.for([
    [['--frobnicate=1'], 'there is no flag --frobnicate; --help lists them'],
    [['-v'], 'there is no flag -v; --help lists them'],
    [['run'], '“run” is not a flag; --help lists them'],
    [['--kubeconfig'], '--kubeconfig needs a value'],
    [['--leader-elect=maybe'], '--leader-elect must be one of true, false; it is “maybe”'],
    [['--leader-elect', 'false'], '“false” is not a flag; --help lists them'],
    [['--max-concurrent-reconciles=0'], '--max-concurrent-reconciles must be a whole number from 1 to 64; it is “0”'],
    [
      ['--max-concurrent-reconciles=1e1'],
      '--max-concurrent-reconciles must be a whole number from 1 to 64; it is “1e1”',
    ],
    [['--kube-api-qps=-1'], '--kube-api-qps must be a whole number from 1 to 100000; it is “-1”'],
    [['--log-level=trace'], '--log-level must be one of debug, info, warn, error; it is “trace”'],
    [['--nncp-deletion-policy=delete'], '--nncp-deletion-policy must be one of retain, remove; it is “delete”'],
    [
      ['--metrics-bind-address=8080'],
      '--metrics-bind-address must be an address like :8080 or 127.0.0.1:8080, or 0; it is “8080”',
    ],
    [
      ['--metrics-bind-address=:99999'],
      '--metrics-bind-address must be an address like :8080 or 127.0.0.1:8080, or 0; it is “:99999”',
    ],
    [
      ['--watch-namespaces=Plant'],
      '--watch-namespaces must hold names of namespaces, with commas between them; it is “Plant”',
    ],
    [
      ['--nmstate-allowed-uplinks=eth1:br:lan'],
      '--nmstate-allowed-uplinks must hold interfaces like eth1 or eth1:br-lan, with commas between them; it is “eth1:br:lan”',
    ],
  ] as const)('refuse %j', ([words, message]) => {
    expect(() => settingsOf(words, {})).toThrow(message);
  });

  it('are refused by the name of the variable where that is what is wrong', () => {
    expect(() => settingsOf([], { WUKONG_LOG_LEVEL: 'loud' })).toThrow(
      'WUKONG_LOG_LEVEL must be one of debug, info, warn, error; it is “loud”',
    );
  });
});
