import { type SceneComponentProps, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Box, Text } from '@grafana/ui';
import React from 'react';

interface HeadingState extends SceneObjectState {
  text: string;
}

/** A section's heading inside a scene. */
export class Heading extends SceneObjectBase<HeadingState> {
  public static Component = HeadingView;
}

function HeadingView({ model }: SceneComponentProps<Heading>) {
  const { text } = model.useState();
  return (
    <Box paddingTop={2}>
      <Text element="h2" variant="h3">
        {text}
      </Text>
    </Box>
  );
}
