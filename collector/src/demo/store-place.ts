/** What commands need to work on the service's own store, whether or not the service runs. */
import type { Database } from '../storage/database.ts';
import { openStore } from '../storage/open-store.ts';

/** Where the service keeps everything. */
export interface StorePlace {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly artifactsUrl: string | undefined;
  readonly s3Endpoint: string | undefined;
}

/** Opens the database for the time of some work. @throws PlumblineError as `openStore` */
export async function withDatabase<Result>(
  { dataFolder, databaseUrl }: StorePlace,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openStore({ dataFolder, url: databaseUrl });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
