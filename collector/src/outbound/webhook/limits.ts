/** Bounds of webhooks that no policy sets. */

/** Times in milliseconds. */
export interface WebhookLimits {
  /** One call, its answer read. */
  readonly callTimeout: number;
  /** Tries of the first call, where the network or a busy server is at fault. */
  readonly attempts: number;
  /** Failed looks at the status in a row before the run is given up. */
  readonly statusFailures: number;
  /** Where the status says that all is well and no file has come yet, the callback is waited for so long. */
  readonly callbackPatience: number;
  /** Times the waiting between tries; 1 but in tests. */
  readonly backoff: number;
}

/** What holds where nothing else is said. */
export const WEBHOOK_LIMITS: WebhookLimits = {
  ...{ callTimeout: 30_000, attempts: 6, statusFailures: 10, callbackPatience: 60_000, backoff: 1 },
};
