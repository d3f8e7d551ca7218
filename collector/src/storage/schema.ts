/** All tables, by the migration that makes them. Times are epoch milliseconds, structures JSON text, truth values 0 or 1. */
import type { AccessTables } from './tables/access.ts';
import type { ExperimentTables } from './tables/experiments.ts';
import type { IngestTables } from './tables/ingest.ts';
import type { RegistryTables } from './tables/registry.ts';

/** Rows by table. */
export interface Schema extends RegistryTables, IngestTables, AccessTables, ExperimentTables {}
