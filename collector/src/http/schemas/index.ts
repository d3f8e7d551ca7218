/** Every schema with a name, as `components/schemas` of the OpenAPI document. */
import type { TSchema } from 'typebox';
import { ActorAnswer, ErrorAnswer, MeasuredValue } from './common.ts';
import { AssignmentAnswer, AssignmentsAnswer, ExperimentAnswer, ExperimentReportAnswer } from './experiments.ts';
import { ColumnsSchema, IngestAnswer, IngestRefused, LabelRowSchema, PredictionRowSchema } from './ingest.ts';
import { GATE_ANSWER, LiveAnswerSchema, MoveRefused, PolicyAnswer, TransitionAnswer } from './lifecycle.ts';
import { AuditAnswer, ComparisonAnswer, ModelAnswer, VersionAnswer } from './models.ts';
import { DistributionAnswer, DriftAnswer, PerformanceAnswer } from './reports.ts';

/** The named schemas. */
export const NAMED_SCHEMAS: readonly TSchema[] = [
  ...[ErrorAnswer, MeasuredValue, ActorAnswer],
  ...[PredictionRowSchema, LabelRowSchema, ColumnsSchema, IngestAnswer, IngestRefused],
  ...[ModelAnswer, VersionAnswer, ComparisonAnswer, AuditAnswer],
  ...[GATE_ANSWER, PolicyAnswer, TransitionAnswer, LiveAnswerSchema, MoveRefused],
  ...[ExperimentAnswer, ExperimentReportAnswer, AssignmentAnswer, AssignmentsAnswer],
  ...[PerformanceAnswer, DriftAnswer, DistributionAnswer],
];
