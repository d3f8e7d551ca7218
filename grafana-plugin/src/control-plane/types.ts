/** The collector's words under short names. They come out of its OpenAPI document; nothing is written down twice. */
import type { components, operations } from './generated/api';

type Schemas = components['schemas'];
type Json<Operation extends keyof operations, Status extends number> = operations[Operation] extends {
  responses: Record<Status, { content: { 'application/json': infer Answer } }>;
}
  ? Answer
  : never;
type Body<Operation extends keyof operations> = operations[Operation] extends {
  requestBody?: { content: { 'application/json': infer Sent } };
}
  ? Sent
  : never;

/** Who answers, and who asks. */
export type Info = Json<'getInfo', 200>;
export type Model = Schemas['Model'];
export type Version = Schemas['Version'];
/** Where a version stands; null for one that only sent predictions. */
export type Stage = NonNullable<Version['stage']>;
export type Gate = Schemas['Gate'];
/** What the gates of a move say now. */
export type Gates = Json<'getModelsVersionsGates', 200>;
export type Transition = Schemas['Transition'];
export type Comparison = Schemas['Comparison'];
export type Policy = Schemas['Policy'];
/** What is named of a policy is replaced, the rest stays. */
export type PolicyChange = Body<'putModelsPolicy'>;
export type AuditRecord = Schemas['AuditRecord'];
export type Actor = Schemas['Actor'];
export type Move = Body<'postModelsVersionsTransition'>;
export type Rollback = Body<'postModelsRollback'>;

/** A part of a list, and where the rest begins. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
