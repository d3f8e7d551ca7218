import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { call, type Call } from './client';
import { Intent } from './intent';
import { keys } from './keys';
import type { Problem } from './problem';
import type { Move, Policy, PolicyChange, Rollback, Version } from './types';
import { type Upload, uploadVersion } from './upload';

/** What an action needs beside its body. */
type Act = Pick<Call, 'privilege' | 'method' | 'path'>;

/**
 * Changes something of a model. Each use is one intent: trying again after an answer that never came repeats the same request, and the
 * collector does it once. What is known of the model is asked for anew afterwards, also after a refusal, which may mean that others were faster.
 */
export function useAct<Body extends object, Answer>(model: string, act: Act | ((body: Body) => Act)) {
  const client = useQueryClient();
  const intent = useRef(new Intent());
  return useMutation<Answer, Problem, Body>({
    mutationFn: (body) => {
      const how = typeof act === 'function' ? act(body) : act;
      return call<Answer>({ ...how, body, idempotencyKey: intent.current.keyFor([how, body]) });
    },
    onSettled: (_answer, error) => {
      intent.current.ended(error ?? undefined);
      void client.invalidateQueries({ queryKey: keys.model(model) });
    },
  });
}

/** Moves a version to another stage. Past the gates only with the admin's token. */
export function useTransition(model: string, version: string) {
  return useAct<Move, Version>(model, ({ override }) => ({
    privilege: override ? 'admin' : 'operate',
    method: 'POST',
    path: ['models', model, 'versions', version, 'transition'],
  }));
}

/** Puts a former version back into production. */
export function useRollback(model: string) {
  return useAct<Rollback, Version>(model, {
    privilege: 'operate',
    method: 'POST',
    path: ['models', model, 'rollback'],
  });
}

/** Changes the policy: what is named is replaced. */
export function useChangePolicy(model: string) {
  return useAct<PolicyChange & object, Policy>(model, {
    privilege: 'admin',
    method: 'PUT',
    path: ['models', model, 'policy'],
  });
}

/** Saves a version with its files. `progress` is the share that has left the browser; `cancel` calls it off. */
export function useSaveVersion(model: string) {
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const abort = useRef<AbortController>();
  const [progress, setProgress] = useState(0);
  const mutation = useMutation<Version, Problem | DOMException, Omit<Upload, 'model'>>({
    mutationFn: (upload) => {
      setProgress(0);
      abort.current = new AbortController();
      const names = upload.files.map(({ path, content }) => [path, content.size, content.lastModified]);
      const idempotencyKey = intent.current.keyFor([{ ...upload, files: names }]);
      return uploadVersion(
        { ...upload, model },
        { idempotencyKey, onProgress: setProgress, signal: abort.current.signal }
      );
    },
    onSettled: (_answer, error) => {
      // What was called off is over: the same files again are another act.
      intent.current.ended(error instanceof DOMException ? undefined : (error ?? undefined));
      void client.invalidateQueries({ queryKey: keys.model(model) });
    },
  });
  return { ...mutation, progress, cancel: () => abort.current?.abort() };
}
