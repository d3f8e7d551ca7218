/** A request that is sent again because its answer was lost must not act twice: the answer is kept under the key the client chose. */

/** Who sent which key, and what the request was. */
export interface RepeatedRequest {
  /** Token, actor and key in one text. */
  readonly scope: string;
  /** SHA-256 over method, target and body: the same key for another request is an error of the client. */
  readonly requestHash: string;
  /** Milliseconds after which a request without an answer counts as lost with its process, and may be made anew. */
  readonly patience: number;
}

/** An answer as it was given. */
export interface KeptAnswer {
  readonly status: number;
  /** Its JSON text; empty where there is none. */
  readonly body: string;
}

/** What a key stands for. */
export type KeyState =
  /** Nobody has used it: the caller now holds it and must `keep` or `release`. */
  | { readonly kind: 'new' }
  /** The first request is under way. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'other' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer };

/** Where answers are kept. */
export interface KeptAnswers {
  claim(request: RepeatedRequest): Promise<KeyState>;
  keep(request: RepeatedRequest, answer: KeptAnswer): Promise<void>;
  /** Forgets a key whose request failed for a reason that may pass, so that it can be tried again. */
  release(request: RepeatedRequest): Promise<void>;
}
