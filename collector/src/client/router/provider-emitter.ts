/** Events of an OpenFeature provider, in the shape of its `ProviderEventEmitter`. */
import { guardCallback } from '../../monitor/guard-callback.ts';

/** Called with the details of an event. */
export type ProviderHandler = (details?: unknown) => unknown;
/** One that wants details of a kind OpenFeature declares and this file does not know. */
type AnyHandler = (details?: never) => unknown;

/** Events by the names OpenFeature gives them. */
export class ProviderEmitter {
  readonly #handlers = new Map<string, ProviderHandler[]>();

  /** Calls the handlers in the order they were added; what one throws does not reach the others. */
  emit(event: string, details?: unknown): void {
    for (const handler of this.getHandlers(event))
      guardCallback(
        () => handler(details),
        () => undefined,
      );
  }

  addHandler(event: string, handler: AnyHandler): void {
    this.#handlers.set(event, [...this.getHandlers(event), handler as ProviderHandler]);
  }

  removeHandler(event: string, handler: AnyHandler): void {
    const left = this.getHandlers(event).filter((one) => one !== handler);
    this.#handlers.set(event, left);
  }

  /** @param event all when it is left out */
  removeAllHandlers(event?: string): void {
    if (event === undefined) this.#handlers.clear();
    else this.#handlers.delete(event);
  }

  getHandlers(event: string): ProviderHandler[] {
    return this.#handlers.get(event) ?? [];
  }

  /** Nothing is logged. */
  setLogger(_logger: unknown): this {
    return this;
  }
}
