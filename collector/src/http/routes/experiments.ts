/** Experiments, and where their keys go. */
import Type from 'typebox';
import type { Experiments } from '../../assignments/experiments.ts';
import { FAILURES, ModelPath, PageOf, PageQuery } from '../schemas/common.ts';
import { AssignmentQuery, AssignmentsQuery, ExperimentBody, ExperimentPath } from '../schemas/experiments.ts';
import { actOf, type TypedApp } from '../typed-app.ts';
import { page } from './models.ts';

const tags = ['experiments'];

/** Adds the routes that read; those of assignments are for clients that predict. */
export function addExperimentReads(app: TypedApp, experiments: Experiments): void {
  app.get(
    '/v1/models/:model/experiments',
    {
      config: { access: 'read' },
      schema: {
        ...{ summary: 'Experiments of a model, newest first', tags, params: ModelPath, querystring: PageQuery },
        response: { 200: PageOf(Type.Ref('Experiment')), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      page(`experiments ${params.model}`, query, (asked) => experiments.list(params.model, asked)),
  );
  app.get(
    '/v1/models/:model/experiments/:experiment',
    {
      config: { access: 'read' },
      schema: {
        ...{ summary: 'An experiment with its epochs and its comparison', tags, params: ExperimentPath },
        response: { 200: Type.Ref('ExperimentReport'), ...FAILURES },
      },
    },
    async ({ params: { model, experiment } }) => experiments.get(model, experiment),
  );
  app.get(
    '/v1/models/:model/assignment',
    {
      config: { access: 'ingest' },
      schema: {
        ...{ summary: 'Which version a key gets', tags, params: ModelPath, querystring: AssignmentQuery },
        response: { 200: Type.Ref('Assignment'), ...FAILURES },
      },
    },
    async ({ params, query }) => experiments.assignment(params.model, query.key),
  );
  app.get(
    '/v1/assignments',
    {
      config: { access: 'ingest' },
      schema: {
        ...{ summary: 'All that routers need, of all models or some', tags, querystring: AssignmentsQuery },
        response: { 200: Type.Ref('Assignments'), ...FAILURES },
      },
    },
    async ({ query }) => experiments.assignments(modelsOf(query.model)),
  );
}

/** Adds the route that changes; it takes an `Idempotency-Key`. */
export function addExperimentChanges(app: TypedApp, experiments: Experiments): void {
  app.put(
    '/v1/models/:model/experiments/:experiment',
    {
      config: { access: 'admin' },
      schema: {
        ...{ summary: 'Make, change, start, pause or end an experiment', tags },
        ...{ params: ExperimentPath, body: ExperimentBody },
        response: { 200: Type.Ref('Experiment'), ...FAILURES },
      },
    },
    async (request) => {
      const { model, experiment } = request.params;
      return experiments.put(model, experiment, request.body, actOf(request));
    },
  );
}

function modelsOf(given: string | readonly string[] | undefined): string[] | undefined {
  if (given === undefined) return undefined;
  const names = [given].flat().flatMap((text) => text.split(','));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}
