import type { Request, Transport, WatchEvent } from '#kube/transport';

/** Where no answer came, in the words of the Go clients. */
const none = '<error>';

/** A transport that counts its answers by method and status: `GET 200`, `PATCH 409`, `GET <error>`; a watch is a GET. */
export function counted(transport: Transport, answers: Map<string, number>): Transport {
  const count = (method: Request['method'], code: number | string) => {
    const key = `${method} ${code}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
  };
  return {
    async request(request) {
      const response = await transport.request(request).catch((error: unknown) => {
        count(request.method, none);
        throw error;
      });
      count(request.method, response.status);
      return response;
    },
    watch: (...about) => countedWatch(transport, (code) => count('GET', code), ...about),
  };
}

/** A watch counts when it is opened, or refused; how it ends is another matter. */
async function* countedWatch(
  transport: Transport,
  count: (code: number | string) => void,
  ...[path, query, signal, options]: Parameters<Transport['watch']>
): AsyncIterable<WatchEvent> {
  let isOpen = false;
  const onOpen = () => {
    isOpen = true;
    count(200);
    options?.onOpen?.();
  };
  try {
    for await (const event of transport.watch(path, query, signal, { ...options, onOpen })) {
      if (!isOpen && event.type === 'ERROR') count(event.object?.code ?? none);
      yield event;
    }
  } catch (error) {
    if (!isOpen) count(none);
    throw error;
  }
}
