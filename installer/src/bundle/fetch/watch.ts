/** `bytes`: all that are here now; `kept`: an earlier run left them, they did not come just now. */
export type TransferEvent =
  | { readonly kind: 'has'; readonly bytes: number; readonly kept?: true }
  | { readonly kind: 'waiting'; readonly because: string; readonly milliseconds: number };

/** Who follows something that is being fetched, and may end it. */
export interface Watch {
  readonly signal?: AbortSignal;
  readonly tell?: (event: TransferEvent) => void;
}
