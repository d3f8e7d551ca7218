/** The audit log. */
import Type from 'typebox';
import type { AuditReader } from '../../audit/audit-event.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { CLOSED, DEFAULT_PAGE, FAILURES, Name, PAGE_QUERY, PageOf } from '../schemas/common.ts';
import type { TypedApp } from '../typed-app.ts';

/** Adds the route. */
export function addAuditRoute(app: TypedApp, audit: AuditReader): void {
  app.get(
    '/v1/audit',
    {
      config: { access: 'read' },
      schema: {
        ...{ summary: 'Who did what and why, newest first', tags: ['audit'] },
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            model: Type.Optional(Name('Entries about this model')),
            action: Type.Optional(
              Type.String({ minLength: 1, maxLength: 100, description: 'Such as version.promoted' }),
            ),
          },
          CLOSED,
        ),
        response: { 200: PageOf(Type.Ref('AuditRecord')), ...FAILURES },
      },
    },
    async ({ query: { model, action, cursor, limit = DEFAULT_PAGE } }) => {
      const list = `audit ${model ?? ''} ${action ?? ''}`;
      const before = readCursor(list, cursor);
      const found = await audit.list({
        limit,
        ...(model !== undefined && { model }),
        ...(action !== undefined && { action }),
        ...(before !== undefined && { before: Number(before) }),
      });
      return { items: found.items, next: writeCursor(list, found.next) };
    },
  );
}
