/** jsdom knows no `fetch`; MSW stands in for the network below Node's own, so the page is given that. */
const { TestEnvironment } = require('jest-environment-jsdom');

const FROM_NODE = [
  'fetch',
  'Headers',
  'Request',
  'Response',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'BroadcastChannel',
  'AbortController',
  'AbortSignal',
  'structuredClone',
];

module.exports = class JsdomWithFetch extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of FROM_NODE) {
      this.global[name] = globalThis[name];
    }
  }

  /** MSW's entry for Node, not the one for browsers, which wants a service worker. */
  exportConditions() {
    return ['node', 'require', 'default'];
  }
};
