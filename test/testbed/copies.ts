import { KubeCluster } from '#adapters/kube-cluster';
import { KubeClient } from '#kube/client';
import { keeper } from '#kube/kept-object';
import type { KubeObject } from '#kube/object';
import { Reflector } from '#kube/reflector';
import type { Transport } from '#kube/transport';
import type { SkippingClock } from './skipping-clock.ts';

/** What keeps a copy of some objects: what it holds now, and when it is worth looking again. */
export interface Copy {
  read(): Promise<readonly KubeObject[]>;
  changed(): Promise<void>;
  /** Settles once it has noticed that the server does not answer. */
  troubled(): Promise<void>;
  close(): void;
}

type Open = (transport: Transport, clock: SkippingClock, namespace: string) => Copy;

const about = (namespace: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: 'kept=yes' });

/** What a gate of the installer reads through: it is woken, and never asks by itself. */
export const observation: Open = (transport, clock, namespace) => {
  const closing = new AbortController();
  const kept = new KubeCluster(transport, clock).observe();
  const read = () => kept.sight.list(about(namespace));
  return {
    read,
    changed: () => kept.changed(closing.signal),
    troubled: async () => {
      for (;;) {
        const error = await read().then(
          () => undefined,
          (error_: unknown) => error_,
        );
        if (error !== undefined) return;
        await kept.changed(closing.signal);
      }
    },
    close: () => {
      closing.abort();
      kept.close();
    },
  };
};

/** What a controller of the operator reads. */
export const reflector: Open = (transport, clock, namespace) => {
  const closing = new AbortController();
  let wake = () => {};
  let trouble = () => {};
  const client = new KubeClient({ transport, fieldManager: 'watches', sleep: clock.sleep.bind(clock) });
  const { discovery } = client;
  const onTrouble = () => trouble();
  const query = about(namespace);
  const kept = new Reflector({ transport, discovery, query, clock, onTrouble, keep: keeper(query) });
  const told = () => wake();
  kept.onChange({ added: told, updated: told, deleted: told });
  kept.onSync(told);
  void kept.run(closing.signal);
  return {
    read: async () => kept.all(),
    changed: () => new Promise((resolve) => (wake = resolve)),
    troubled: () => new Promise((resolve) => (trouble = resolve)),
    close: () => closing.abort(),
  };
};
