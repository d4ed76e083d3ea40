import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { SimulatedApiServer } from '../api-server/api-server.ts';
import type { AdmissionAnswer, Bench, Double, Machine, Trouble } from '../bench.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { double, type Stage } from './double.ts';
import { kindPath, pathOf } from './kube-path.ts';
import { platformCrd } from './platform-crd.ts';

/** For tests of the platform doubles: one node whose workloads and pods are up within a second, as kwok plays them. */
export interface PlatformRig {
  readonly server: SimulatedApiServer;
  readonly clock: VirtualClock;
  readonly bench: Bench;
  readonly troubles: Set<string>;
  /** Images that no node has: pods that ask for them never start. */
  readonly missingImages: Set<string>;
  create(object: Json): Promise<Json>;
  refusal(object: Json): Promise<string>;
  get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<Json>;
  list(apiVersion: string, kind: string): Promise<readonly Json[]>;
  log(container: string): Promise<string>;
  /** Lets simulated time pass until something is so. */
  until(what: () => Promise<boolean> | boolean, seconds?: number): Promise<number>;
  /** Ends all doubles as a power cut does, and starts them again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
