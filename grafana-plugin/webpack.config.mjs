/**
 * webpack-cli cannot load the scaffold's `.ts` configuration (with ts-node it fails, without it has no loader), but Node
 * strips the types of an import by itself. Two warnings that say nothing about our code are silenced, so that a new one
 * is seen.
 */
import baseConfig from './.config/webpack/webpack.config.ts';

export default async function config(env) {
  return {
    ...(await baseConfig(env)),
    // Scenes carries its own half megabyte; it is loaded once, when the app is opened.
    performance: { hints: false },
    // Scenes 8.19 names a default of Grafana 13's table panel that the 12.4 packages lack; we build no table panel with it.
    ignoreWarnings: [
      { module: /@grafana\/scenes/, message: /'defaultOptions' \(imported as 'defaultOptions\$\d+'\) was not found/ },
    ],
  };
}
