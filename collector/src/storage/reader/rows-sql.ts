/** The statement that reads predictions in the order they arrived, a page at a time. */
import type { Place } from '../../labels/place.ts';
import type { ExtentQuery, RowsQuery } from '../../labels/stored-rows.ts';

/** Rows of a page: a millisecond or two, after which others have a turn. */
export const PAGE = 2_000;

/** A statement with its values. @param placeholder of the value at a position, from 1 */
export interface Statement {
  readonly text: string;
  readonly values: readonly (number | string)[];
}

/** The page after a place. */
export function pageStatement(
  query: RowsQuery,
  after: Place,
  limit: number,
  placeholder: (position: number) => string,
): Statement {
  const values: number[] = [];
  const value = (item: number): string => placeholder(values.push(item));
  const conditions = [
    `p.version_id = ${value(query.versionId)}`,
    `(p.arrived, p.seq) > (${value(after.arrived)}, ${value(after.seq)})`,
  ];
  if (query.until) conditions.push(`(p.arrived, p.seq) <= (${value(query.until.arrived)}, ${value(query.until.seq)})`);
  if (query.arrivedBy !== undefined) conditions.push(`p.arrived <= ${value(query.arrivedBy)}`);
  if (query.from !== undefined) conditions.push(`p.time >= ${value(query.from)}`);
  if (query.to !== undefined) conditions.push(`p.time < ${value(query.to)}`);
  const text = `
    select p.seq, p.arrived, p.time, p.prediction, p.score, p.scores, p.segment,
      ${query.hasFeatures ? 'p.features' : 'null as features'}, l.seq as label_seq, l.label
    from predictions p left join labels l on l.seq = p.seq
    where ${conditions.join(' and ')} order by p.arrived, p.seq limit ${value(limit)}`;
  return { text, values };
}

/** How long a stretch of predictions is, and where it ends. */
export function extentStatement(
  { versionId, after, arrivedBy = Number.MAX_SAFE_INTEGER, limit }: ExtentQuery,
  placeholder: (position: number) => string,
): Statement {
  const [version, arrived, seq, by, most] = [1, 2, 3, 4, 5].map(placeholder);
  const text = `
    select count(*) as rows, max(arrived) as arrived, max(seq) filter (where arrived = last) as seq from (
      select arrived, seq, max(arrived) over () as last from (
        select arrived, seq from predictions
        where version_id = ${version} and (arrived, seq) > (${arrived}, ${seq}) and arrived <= ${by}
        order by arrived, seq limit ${most}) as stretch) as places`;
  return { text, values: [versionId, after.arrived, after.seq, arrivedBy, limit] };
}

/** The place before the last so many predictions of a version: that of the one before them. */
export const PLACE_BEFORE_LAST = (placeholder: (position: number) => string): string => `
  select arrived, seq from predictions where version_id = ${placeholder(1)}
  order by arrived desc, seq desc limit 1 offset ${placeholder(2)}`;

/** Hours that are folded. */
export const FOLDED = (placeholder: (position: number) => string): string => `
  select hour, segment, folded from hourly_outcomes
  where version_id = ${placeholder(1)} and hour >= ${placeholder(2)} and hour < ${placeholder(3)} order by hour, segment`;

/** References by version: the one it was saved with, and the one made of its first predictions. */
export const REFERENCES = (placeholder: (position: number) => string): string => `
  select v.reference as saved, s.reference as own from versions v
  left join self_references s on s.version_id = v.id where v.id = ${placeholder(1)}`;
