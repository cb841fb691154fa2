import PluginsList from './list.ts';

/** `nnm plugins`: the same as `nnm plugins list`. */
export default class Plugins extends PluginsList {
  static override summary = 'List the plugins with kernels and backends that apply here; with a subcommand, change them.';
}
