import { Caches } from '#kube/caches';
import { KubeClient } from '#kube/client';
import { limitedTransport } from '#kube/limited-transport';
import type { Transport } from '#kube/transport';
import type { Wukong } from './api/wukong.ts';
import { passwordHashing } from './controllers/wukong/cloud-init/password.ts';
import { wukongController } from './controllers/wukong/controller.ts';
import { firstRuns } from './controllers/wukong/first-runs.ts';
import { keyOf } from './controllers/wukong/keys.ts';
import { effectOf, effectsTold } from './controllers/wukong/machine/change-effects.ts';
import type { Pass } from './controllers/wukong/pass.ts';
import { SecretData } from './controllers/wukong/secret-data.ts';
import type { Kind } from './controllers/wukong/sight.ts';
import { snapshotController } from './controllers/wukong-snapshot/controller.ts';
import type { Controller, ControllerOptions } from './runtime/controller.ts';
import { counted } from './runtime/counted-transport.ts';
import { elect, leadAlone } from './runtime/elector.ts';
import { EventRecorder } from './runtime/events.ts';
import { fenced } from './runtime/fenced-transport.ts';
import { defaultSettings, type Settings } from './runtime/flags.ts';
import { Insight } from './runtime/insight.ts';
import { lead } from './runtime/lead.ts';
import type { Log } from './runtime/log.ts';
import type { Time } from './runtime/time.ts';
import { sightOf, watched } from './watched.ts';

export interface OperatorOptions {
  readonly transport: Transport;
  readonly time: Time;
  /** Where the Lease lives. */
  readonly namespace: string;
  readonly identity: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly settings?: Settings;
  readonly insight?: Insight;
  /** A number in [0, 1) for jitter. Default: always a half. */
  readonly random?: () => number;
}

/** An operator that is put together and does not run yet. */
export interface Operator {
  readonly caches: Caches<Kind>;
  lead(signal: AbortSignal): Promise<'done' | 'lost'>;
}

/** Everything that an operator is made of, wired. */
export function assemble(options: OperatorOptions): Operator {
  const { time, settings = defaultSettings, insight = new Insight(), identity, random } = options;
  const transport = counted(options.transport, insight.answers);
  const client = clientOf(transport, options, settings, insight);
  const trouble = troubleLog(options.log);
  const caches = new Caches<Kind>({
    transport,
    clock: time,
    discovery: client.discovery,
    kinds: watched(settings.nmstate.enabled),
    ...(settings.watchNamespaces.length === 0 ? {} : { namespaces: settings.watchNamespaces }),
    ...(random === undefined ? {} : { random }),
    onTrouble: (about, error) => trouble(about)(error),
  });
  const events = new EventRecorder({ transport: fenced(transport, insight.standing, time), time, instance: identity });
  const pass = passOf({ client, caches, events }, options, settings);
  const controllers = controllersOf(caches, pass, options, settings, insight);
  show(insight, { caches, events, controllers });
  return { caches, lead: electing(options, { transport, settings, insight }, [...controllers, events]) };
}

interface Standing {
  readonly transport: Transport;
  readonly settings: Settings;
  readonly insight: Insight;
}

/** Leads as soon as nobody else does, or at once where nobody else is run. */
function electing(
  { time, namespace, identity, log, signal: told }: OperatorOptions,
  { transport, settings, insight }: Standing,
  work: Parameters<typeof lead>[0]['work'],
): Operator['lead'] {
  const leading = (held: AbortSignal) => {
    log.info('leading', { identity });
    return lead({ time, signal: held, told, work }).finally(() => log.info('no longer leading', { identity }));
  };
  const claim = { transport, time, namespace, name: 'wukong-operator', identity, standing: insight.standing };
  const election = { ...claim, trouble: troubleLog(log)('lease'), lead: leading };
  return async (signal) => {
    if (settings.leaderElect) return elect({ ...election, signal });
    await leadAlone({ ...election, signal });
    return 'done';
  };
}

function clientOf(transport: Transport, { time, random }: OperatorOptions, settings: Settings, insight: Insight) {
  const limits = { clock: time, qps: settings.apiQps, burst: settings.apiBurst };
  return new KubeClient({
    transport: limitedTransport(fenced(transport, insight.standing, time), limits),
    fieldManager: 'novasphere-operator',
    sleep: time.sleep.bind(time),
    ...(random === undefined ? {} : { random }),
  });
}

interface Means {
  readonly client: KubeClient;
  readonly caches: Caches<Kind>;
  readonly events: EventRecorder;
}

function passOf(
  { client, caches, events }: Means,
  { time }: OperatorOptions,
  { nmstate }: Settings,
): Omit<Pass, 'signal'> {
  return {
    client,
    sight: sightOf(caches, nmstate.enabled),
    secrets: new SecretData(client),
    settings: {
      nmstate: nmstate.enabled,
      allowedUplinks: nmstate.allowedUplinks,
      allowNodeNic: nmstate.allowNodeNic,
      nodeSelector: {},
      policies: nmstate.deletionPolicy,
    },
    now: () => new Date(time.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    passwords: passwordHashing(),
    tell: (object, happening) => events.record(object, { ...happening, action: 'Reconcile' }),
  };
}

function controllersOf(
  caches: Caches<Kind>,
  pass: Omit<Pass, 'signal'>,
  { time, log, random }: OperatorOptions,
  { concurrency, nmstate }: Settings,
  insight: Insight,
): readonly Controller[] {
  const about = (name: string): Pick<ControllerOptions, 'time' | 'log' | 'concurrency' | 'random' | 'observer'> => {
    const observer = insight.observe(name);
    const own = { time, log, concurrency, ...(random === undefined ? {} : { random }) };
    return observer === undefined ? own : { ...own, observer };
  };
  const wukongs = wukongController({ caches, nmstate: nmstate.enabled, pass, ...about('wukong') });
  const snapshots = snapshotController({ caches, pass, ...about('wukongsnapshot') });
  caches.onChange('Wukong', {
    updated: (object, before) => noteChange(object as Wukong, before as Wukong, pass, insight),
  });
  caches.onChange(
    'Wukong',
    firstRuns(
      () => time.now(),
      (seconds) => insight.running(seconds),
    ),
  );
  // What a Wukong waits for may be a component that was not installed.
  caches.onServed(() => {
    for (const one of caches.all('Wukong')) wukongs.add(keyOf(one));
    for (const one of caches.all('WukongSnapshot')) snapshots.add(keyOf(one));
  });
  return [wukongs, snapshots];
}

/** Tells whoever edits a machine that is there what does not happen at once. */
function noteChange(object: Wukong, before: Wukong, { tell }: Pick<Pass, 'tell'>, { standing }: Insight): void {
  if (!standing.leading || object.metadata.generation === before.metadata.generation) return;
  if (object.status?.vmStatus === undefined) return;
  const note = effectsTold(effectOf(before.spec, object.spec));
  if (note !== undefined) tell(object, { type: 'Normal', reason: 'ChangeNoted', note });
}

function show(
  insight: Insight,
  { caches, events, controllers }: { caches: Caches<Kind>; events: EventRecorder; controllers: readonly Controller[] },
): void {
  insight.controllers.push(...controllers);
  insight.events = events;
  insight.caches = () => caches.health();
  insight.phases = () => caches.all('Wukong').map((one): string => one['status']?.phase ?? 'Pending');
}

/** Tells what keeps the server from being asked, each thing once until it is another: it may go on for hours. */
function troubleLog(log: Log): (about: string) => (error: unknown) => void {
  const last = new Map<string, string>();
  return (about) => (error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (last.get(about) !== message) log.warn('the API server could not be asked', { about, error: message });
    last.set(about, message);
  };
}
