import type { PluginPageProps } from '@grafana/runtime';
import { Box, Stack, Tab, TabsBar, Text } from '@grafana/ui';
import React from 'react';

/** Grafana's page around a plugin's content: breadcrumbs, title, what it is about, controls, tabs. */
export function HostPage({ pageNav, subTitle, actions, children }: PluginPageProps) {
  return (
    <Box padding={3}>
      <Stack direction="column" gap={2}>
        {pageNav?.parentItem && (
          <nav aria-label="Breadcrumbs">
            <a href={pageNav.parentItem.url}>{pageNav.parentItem.text}</a>
          </nav>
        )}
        <Text element="h1">{pageNav?.text ?? ''}</Text>
        <Text color="secondary">{subTitle ?? ''}</Text>
        <Stack>{actions}</Stack>
        {pageNav?.children && (
          <TabsBar>
            {pageNav.children.map(({ text, url, active }) => (
              <Tab key={text} label={text} href={url} active={active} />
            ))}
          </TabsBar>
        )}
        {children}
      </Stack>
    </Box>
  );
}
