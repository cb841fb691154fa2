/** Where oclif keeps things. */
const OCLIF_FOLDERS = ['NNM_DATA_DIR', 'NNM_CACHE_DIR', 'NNM_CONFIG_DIR'] as const;

/** With NNM_HOME everything that nnm keeps for its user is there, oclif's share included. */
export function useOwnFolders(env: NodeJS.ProcessEnv): void {
  if (!env.NNM_HOME) return;
  for (const name of OCLIF_FOLDERS) env[name] ??= env.NNM_HOME;
}

/** True for a variable that {@link useOwnFolders} has set, or might have. */
export function followsHome(name: string, env: NodeJS.ProcessEnv): boolean {
  return OCLIF_FOLDERS.some((folder) => folder === name) && env[name] === env.NNM_HOME;
}
