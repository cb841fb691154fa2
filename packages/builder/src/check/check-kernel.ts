import path from 'node:path';
import { configProblems, type KernelConfig, NnmError } from '@nnm/core';
import { damagedLinesFile, explainFileError, readJournal, setDamagedLinesAside } from '@nnm/profiler';
import { importedFile, importedRows } from '../data/imported-data.ts';
import { journalFile, readMeasured, type Setting } from '../data/measured-data.ts';
import { kernelId } from '../stages/kernel-id.ts';
import { exportLatencies, latencyFile } from '../stages/latency-export.ts';
import { describeIds, listKernelFiles, portableName, readConfigFile, readLatencyFile, type Workspace } from '../workspace/index.ts';
import type { Found } from './finding.ts';

/** Check the files of one kernel against each other: configurations, journal, latency file, imported data. */
export async function checkKernel(kernelType: string, setting: Setting & { readonly detail?: boolean }): Promise<readonly Found[]> {
  const found: Found[] = [];
  const nameOf = (file: string): string => portableName(setting.workspace.folder, file);
  /** What cannot be read is a finding; everything that needs it is not looked at. */
  const attempt = async (file: string, remedy: string, check: () => Promise<void>): Promise<boolean> => {
    try {
      await check();
      return true;
    } catch (error) {
      const explained = explainFileError(error, file, 'read');
      if (!NnmError.isInstance(explained)) throw error;
      found.push({ file: nameOf(file), kind: 'fault', problem: explained.message, remedy });
      return false;
    }
  };
  const { configs, latencies } = await listKernelFiles(setting.workspace, kernelType);
  let isReadable = true;
  for (const file of configs) {
    const isSound = await attempt(file, `Remove it; \`nnm build ${kernelType}\` writes it again.`, async () => {
      const entries = (await readConfigFile(file, setting.workspace.files))[kernelType] ?? {};
      found.push(...checkConfigs(nameOf(file), kernelType, entries, setting));
    });
    isReadable &&= isSound;
  }
  const journal = journalFile(setting.workspace, kernelType);
  isReadable =
    (await attempt(
      journal,
      'Move it away, or start over with `--fresh`.',
      async () => void found.push(...checkJournal(journal, nameOf(journal), setting.workspace)),
    )) && isReadable;
  const imported = importedFile(setting.workspace, kernelType);
  await attempt(imported, 'Remove it and import the data again.', async () => void (await importedRows(kernelType, setting)));
  const [exported] = latencies;
  if (exported !== undefined) {
    isReadable =
      (await attempt(
        exported,
        'Remove it; what is measured is in the journal.',
        async () => void (await readLatencyFile(exported, setting.workspace.files)),
      )) && isReadable;
  }
  if (isReadable) found.push(...(await checkExport(kernelType, nameOf(latencyFile(setting.workspace, kernelType)), setting)));
  return found;
}

function checkConfigs(
  file: string,
  kernelType: string,
  entries: Readonly<Record<string, { readonly config: KernelConfig; readonly model: string }>>,
  setting: Setting,
): readonly Found[] {
  const kernel = setting.registry.kernel(kernelType);
  const { workspace } = setting;
  const all = Object.entries(entries);
  const refused = all.filter(([, { config }]) => configProblems(kernel, config).length > 0);
  const foreign = all.filter(([id, { config }]) => kernelId(kernelType, config, setting) !== id);
  const missing = all.filter(([, { model }]) => model !== '' && workspace.files.stat(path.join(workspace.folder, model)) === undefined);
  const ids = (some: typeof all): readonly string[] => some.map(([id]) => id);
  return [
    ...describeIds(ids(refused), 'with a configuration that the kernel does not take').map(
      (problem): Found => ({ file, kind: 'fault', problem, remedy: `\`nnm kernels ${kernelType}\` shows what it takes.` }),
    ),
    ...describeIds(ids(foreign), 'of another IMPLEMENT or BATCH_SIZE').map(
      (problem): Found => ({ file, kind: 'note', problem: `${problem}; they do not count now` }),
    ),
    ...describeIds(ids(missing), 'without the saved graph').map(
      (problem): Found => ({ file, kind: 'note', problem: `${problem}; the next build saves it again` }),
    ),
  ];
}

function checkJournal(file: string, name: string, workspace: Workspace): readonly Found[] {
  const { files } = workspace;
  const content = readJournal(file, files);
  if (content === undefined) return [];
  const found: Found[] = [];
  const { damagedLines, firstDamage, soundBytes } = content;
  if (damagedLines > 0) {
    const where = firstDamage === undefined ? '' : `, the first is line ${firstDamage.line}: ${firstDamage.problem}`;
    found.push({
      file: name,
      kind: 'fault',
      problem: `${damagedLines} unreadable ${damagedLines === 1 ? 'line' : 'lines'}${where}`,
      remedy: `What these lines held is measured again by the next build; the others count. \`--repair\` moves them to ${path.basename(damagedLinesFile(file))}.`,
      repair: async () => void setDamagedLinesAside(file, files),
    });
  }
  const torn = (files.stat(file)?.sizeBytes ?? 0) - soundBytes;
  if (torn > 0) {
    found.push({
      file: name,
      kind: 'note',
      problem: `ends in the middle of a line (${torn} bytes), as after a crash; the next build cuts it off`,
      repair: async () => {
        // Damaged lines before it are moved away, and it with them.
        if (damagedLines > 0) return;
        const open = files.open(file, 'append');
        try {
          open.truncate(soundBytes);
          open.sync();
        } finally {
          open.close();
        }
      },
    });
  }
  return found;
}

/** The latency file against the journal that it is an export of. */
async function checkExport(kernelType: string, file: string, setting: Setting & { readonly detail?: boolean }): Promise<readonly Found[]> {
  const { rows, problems } = await readMeasured(kernelType, setting);
  const found: Found[] = problems
    .filter(({ message }) => !/unreadable line/.test(message))
    .map(
      ({ message }): Found => ({ file: path.posix.join(path.posix.dirname(file), `${kernelType}_*.json`), kind: 'note', problem: message }),
    );
  const wanted = await exportLatencies(kernelType, setting);
  const place = path.join(setting.workspace.folder, file);
  const present =
    setting.workspace.files.stat(place) === undefined ? {} : ((await readLatencyFile(place, setting.workspace.files))[kernelType] ?? {});
  const measured = new Set(rows.filter(({ stats }) => stats !== undefined).map(({ id }) => id));
  const differing = [...measured].filter((id) => present[id]?.latency !== wanted[id]?.latency);
  const [problem] = describeIds(differing, 'missing, or not as the journal has it');
  if (problem === undefined) return found;
  const { own } = setting.workspace;
  const isForeign = own.foreignAmong([place]).length > 0;
  found.push({
    file,
    kind: 'fault',
    problem: isForeign ? `${problem}; the file is not as nnm wrote it` : problem,
    remedy: isForeign
      ? 'Move it away: the next build writes it again from the journal.'
      : 'The next build writes it again from the journal.',
    ...(!isForeign && { repair: () => own.writeJson(place, { [kernelType]: wanted }) }),
  });
  return found;
}
