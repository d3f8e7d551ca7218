import { OpenFeature } from '@openfeature/server-sdk';
import { createRouter, plumblineProvider } from '../../../collector/src/index.ts';
test('x', async () => {
  const router = createRouter({ model: 'm', fallback: '1', collector: { url: 'http://127.0.0.1:1' } });
  await OpenFeature.setProviderAndWait(plumblineProvider(router));
});
