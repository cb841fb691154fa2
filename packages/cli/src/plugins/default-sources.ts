import { registeredSource } from '../registered/registered-source.ts';
import { builtinSource, configSource, dependencySource, type PluginSource, userSource } from './sources.ts';

/** All sources, the strongest first. */
export const defaultSources: readonly PluginSource[] = [configSource, registeredSource, dependencySource, userSource, builtinSource];
