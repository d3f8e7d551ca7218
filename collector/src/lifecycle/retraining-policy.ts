/** When a model is retrained, by whom, and what must hold before the candidate is used: the section `retraining` of a policy. */

/** A local command: `…command --data PATH --output DIR`. */
export interface CommandTrainerPolicy {
  readonly kind: 'command';
  readonly command: readonly string[];
  /** Names of environment variables it gets beside `PATH`, `HOME`, `LANG`, `TZ`. */
  readonly environment: readonly string[];
}

/** A webhook, for what trains elsewhere; see `WebhookTrainer`. */
export interface WebhookTrainerPolicy {
  readonly kind: 'webhook';
  readonly url: string;
  readonly pollSeconds: number;
  /** Header → name of the environment variable that holds its value. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly under?: string;
}

/** What starts a run by itself; null switches a trigger off. An operator and a webhook of alerts need no numbers. */
export interface TriggerPolicy {
  /** Whether a firing alert with `action=retrain` starts one. */
  readonly alert: boolean;
  /** Accuracy of the version in production over the last days, on so many labels at least. */
  readonly accuracy: { readonly below: number; readonly minimum: number; readonly windowDays: number } | null;
  /** Drift in 2 of the last 3 windows, with at least this share of the features drifted in the last one. */
  readonly drift: { readonly share: number } | null;
  /** Predictions with accepted feedback since the last run. */
  readonly feedback: { readonly count: number } | null;
  /** A cron expression (five or six fields) in a time zone of the IANA database. */
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null;
}

/** What follows a candidate that was found good. */
export type FollowUp =
  /** It stays in development. */
  | { readonly do: 'development' }
  /** It goes on as far as the gates let it, at most to this stage. */
  | { readonly do: 'promote'; readonly to: 'staging' | 'production' }
  /**
   * It becomes an arm of an experiment beside the version in production, with this share of the keys. What a key does within
   * `keyWindowSeconds` of its first prediction counts (default an hour; 0: the first prediction alone), and is compared after that.
   */
  | { readonly do: 'experiment'; readonly weight: number; readonly keyWindowSeconds?: number };

/** What a candidate must show on rows that the trainer did not see. */
export interface ValidationPolicy {
  /** Share of the examples, the newest ones, that are held out. */
  readonly heldOut: number;
  /** Held-out rows at least. */
  readonly minimumRows: number;
  readonly metric: string;
  /** At least this (`min`) or at most this (`max`), as gates say it. */
  readonly min?: number;
  readonly max?: number;
  /** How much worse than the version in production it may be, in the metric's own unit. */
  readonly margin: number;
  readonly timeLimitSeconds: number;
}

/** Which examples a model is trained on. */
export interface DataPolicy {
  readonly windowDays: number;
  readonly source: 'all' | 'feedback';
  /** Examples for the trainer at least, and at most (then the newest). */
  readonly minimumRows: number;
  readonly maximumRows: number;
  /** Accepted feedback feeds a run only from so many on. */
  readonly minimumFeedback: number;
  readonly feedbackWeight: number;
}

/** The section. */
export interface RetrainingPolicy {
  /** Null: this model is not retrained. */
  readonly trainer: CommandTrainerPolicy | WebhookTrainerPolicy | null;
  readonly triggers: TriggerPolicy;
  /** Hours after the start of a run before the next may start. */
  readonly cooldownHours: number;
  /** Runs in any seven days. */
  readonly runsPerWeek: number;
  readonly timeLimitSeconds: number;
  readonly data: DataPolicy;
  readonly validation: ValidationPolicy;
  readonly then: FollowUp;
}

/** What a model changes in it. */
export type RetrainingChanges = Partial<Omit<RetrainingPolicy, 'triggers' | 'data' | 'validation'>> & {
  readonly triggers?: Partial<TriggerPolicy>;
  readonly data?: Partial<DataPolicy>;
  readonly validation?: Partial<ValidationPolicy>;
};

/** Off: without a trainer nothing is started, but a dry run shows what would be (DESIGN §1 row 6). */
export const DEFAULT_RETRAINING: RetrainingPolicy = {
  trainer: null,
  triggers: {
    alert: true,
    accuracy: { below: 0.85, minimum: 200, windowDays: 7 },
    drift: { share: 0.5 },
    feedback: { count: 100 },
    schedule: null,
  },
  cooldownHours: 24,
  runsPerWeek: 3,
  timeLimitSeconds: 3_600,
  data: {
    windowDays: 90,
    source: 'all',
    minimumRows: 1_000,
    maximumRows: 1_000_000,
    minimumFeedback: 100,
    feedbackWeight: 1,
  },
  validation: {
    heldOut: 0.2,
    minimumRows: 200,
    metric: 'accuracy',
    min: 0.85,
    margin: 0.01,
    timeLimitSeconds: 600,
  },
  then: { do: 'development' },
};

/** Replaces what is named; of triggers, data and validation each part by itself. A metric named with `max` drops `min`, and the reverse. */
export function mergeRetraining<Base extends RetrainingChanges>(base: Base, changes: RetrainingChanges): Base {
  return {
    ...base,
    ...changes,
    ...(changes.triggers && { triggers: { ...base.triggers, ...changes.triggers } }),
    ...(changes.data && { data: { ...base.data, ...changes.data } }),
    ...(changes.validation && { validation: mergeValidation(base.validation ?? {}, changes.validation) }),
  };
}

function mergeValidation(base: Partial<ValidationPolicy>, changes: Partial<ValidationPolicy>) {
  const { min, max, ...rest } = base;
  const need = {
    ...(min !== undefined && changes.max === undefined && { min }),
    ...(max !== undefined && changes.min === undefined && { max }),
  };
  return { ...rest, ...need, ...changes };
}
