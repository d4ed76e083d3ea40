import type { ReflectorHealth } from '#kube/reflector-health';
import type { Controller, ControllerObserver } from './controller.ts';
import type { EventRecorder } from './events.ts';
import type { Standing } from './standing.ts';

/** What a running operator shows of itself: filled where things are made, read by probes and by who counts. */
export class Insight {
  readonly controllers: Controller[] = [];
  readonly standing: Standing = { leading: false, renewed: 0 };
  /** Answers of the API server by method and status, `GET 200`; `GET <error>` where there was none. */
  readonly answers = new Map<string, number>();
  events: EventRecorder | undefined;
  /** How each copy of a collection stands. */
  caches: () => readonly ReflectorHealth[] = () => [];
  /** The phase of every Wukong that is known. */
  phases: () => Iterable<string> = () => [];
  /** Told once for each Wukong how many seconds after its creation it first ran. */
  running: (seconds: number) => void = () => {};
  /** Watches over a controller, if anybody counts. */
  observe: (controller: string) => ControllerObserver | undefined = () => undefined;
}
