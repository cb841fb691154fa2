import path from 'node:path';
import { workspacePaths } from '@nnm/builder';
import { Rng } from '@nnm/core';
import { TEMPORARY_FILE } from '@nnm/profiler';
import { FOLDER, type LifeReport, live, PEACE } from './life.ts';
import { MemoryFiles } from './memory-files.ts';
import { type BuildLength, drawSchedule, type Schedule } from './schedule.ts';
import { TOY_WORKSPACES } from './toy-workspace.ts';
import { VirtualProcesses } from './virtual-processes.ts';

/** What came of one schedule. */
export interface Outcome {
  readonly schedule: Schedule;
  /** How its processes ended, the last one in peace. */
  readonly ends: readonly LifeReport['end'][];
  /** What must not be; empty when all is well. */
  readonly violations: readonly string[];
}

/** A build in which nothing goes wrong: what every other one must come to. */
interface Reference extends BuildLength {
  readonly predictors: ReadonlyMap<string, Buffer>;
  readonly records: ReadonlySet<string>;
}

/** Runs schedules of faults against the real builder, workspace and journal, on a virtual disk, device, clock and process table. */
export class Simulation {
  private readonly references: readonly Reference[];

  private constructor(references: readonly Reference[]) {
    this.references = references;
  }

  /** Build every workspace once in peace. */
  static async prepare(): Promise<Simulation> {
    const references: Reference[] = [];
    for (const toy of TOY_WORKSPACES) {
      const disk = new MemoryFiles();
      const { end, error, recorded, calls, events, loads } = await live(disk, new VirtualProcesses(new Rng(0)), toy, PEACE, 0);
      if (end !== 'built') throw error;
      references.push({ calls, events, loads, predictors: predictorsOn(disk), records: new Set(recorded.keys()) });
    }
    return new Simulation(references);
  }

  /** The schedule of a seed, as data. */
  schedule(seed: number): Schedule {
    return drawSchedule(seed, (workspace) => this.references[workspace] as Reference);
  }

  /** Run the schedule of a seed, and look for what must not be after every process. */
  async run(seed: number): Promise<Outcome> {
    const schedule = this.schedule(seed);
    const rng = new Rng(seed).fork('disk');
    const disk = new MemoryFiles();
    const processes = new VirtualProcesses(rng.fork('processes'));
    const toy = TOY_WORKSPACES[schedule.workspace] as (typeof TOY_WORKSPACES)[number];
    const reference = this.references[schedule.workspace] as Reference;
    const kept = new Set<string>();
    // Without its device a build makes the best of what it has; only the last one can come to the same.
    let isComparable = true;
    const ends: LifeReport['end'][] = [];
    const violations: string[] = [];
    let last: LifeReport | undefined;
    for (const [index, life] of [...schedule.lives, PEACE].entries()) {
      const report = await live(disk, processes, toy, life, rng.integer(0, 2 ** 31));
      ends.push(report.end);
      last = report;
      isComparable &&= life.lostAfterLoads === undefined;
      const found = checkLife(report, isComparable ? reference : undefined, kept);
      if (life.powerCut) disk.powerCut(rng.fork(`power ${index}`));
      found.push(...checkDisk(disk, isComparable ? reference : undefined, kept));
      violations.push(...found.map((violation) => `process ${index + 1} (${report.end}): ${violation}`));
    }
    violations.push(...checkEnd(disk, reference, last));
    return { schedule, ends, violations };
  }
}

function checkLife(report: LifeReport, reference: Reference | undefined, kept: Set<string>): string[] {
  const found = [...report.rivals];
  if (report.end === 'broken') found.push(`ended with what is no error of nnm: ${String((report.error as Error)?.stack ?? report.error)}`);
  for (const [name, times] of report.recorded) {
    if (times > 1 || kept.has(name)) found.push(`${name} was measured again although its record was kept`);
    if (reference?.records.has(name) === false) found.push(`${name} was measured, which the undisturbed build does not need`);
    kept.add(name);
  }
  return found;
}

/** What must hold at every moment: no record lost, and no file by its own name that is not whole. */
function checkDisk(disk: MemoryFiles, reference: Reference | undefined, kept: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const paths = workspacePaths(FOLDER);
  const left = new Set<string>();
  for (const [name, content] of disk.files()) {
    const inFolder = (folder: string) => path.dirname(name) === path.normalize(folder);
    if (TEMPORARY_FILE.test(path.basename(name))) continue;
    if (reference !== undefined && inFolder(paths.predictors)) {
      const wanted = reference.predictors.get(path.basename(name));
      if (wanted === undefined || !wanted.equals(content)) found.push(`${name} is not the predictor of the undisturbed build`);
    } else if (inFolder(paths.results) && name.endsWith('.jsonl')) {
      const damaged = linesOf(content).filter((line) => !isJson(Buffer.from(line))).length;
      if (damaged > 0) found.push(`${name} has ${damaged} damaged lines`);
      for (const id of recordsIn(content)) left.add(`${path.basename(name, '.jsonl')}/${id}`);
    } else if (name.endsWith('.json') && !inFolder(paths.kernels) && !isJson(content)) {
      found.push(`${name} is not whole: ${content.length} bytes`);
    }
  }
  for (const name of kept) if (!left.has(name)) found.push(`the record of ${name} was reported as kept, and is lost`);
  return found;
}

function checkEnd(disk: MemoryFiles, reference: Reference, last: LifeReport | undefined): string[] {
  if (last?.end !== 'built') return [`the last build, in peace, ended as ${last?.end}: ${String(last?.error)}`];
  const found: string[] = [];
  const built = predictorsOn(disk);
  for (const [name, wanted] of reference.predictors) {
    if (!built.get(name)?.equals(wanted)) found.push(`${name} differs from that of the undisturbed build`);
  }
  for (const name of disk.files().keys()) {
    const base = path.basename(name);
    if (TEMPORARY_FILE.test(base)) found.push(`${name} was left behind`);
    if (path.dirname(name) === path.normalize(workspacePaths(FOLDER).locks) && !/^\d+\.released$/.test(base)) {
      found.push(`${name} was left behind, a lock that nobody holds`);
    }
  }
  return found;
}

function predictorsOn(disk: MemoryFiles): ReadonlyMap<string, Buffer> {
  const folder = path.normalize(workspacePaths(FOLDER).predictors);
  const own = [...disk.files()].filter(([name]) => path.dirname(name) === folder && name.endsWith('.json'));
  return new Map(own.map(([name, content]) => [path.basename(name), Buffer.from(content)]));
}

/** The whole lines of a journal; what follows the last line end may be torn. */
function linesOf(journal: Buffer): readonly string[] {
  return journal.toString('utf8').split('\n').slice(0, -1);
}

function recordsIn(journal: Buffer): readonly string[] {
  return linesOf(journal).flatMap((line) => {
    if (!line.startsWith('{"type":"record"') || !isJson(Buffer.from(line))) return [];
    const { record } = JSON.parse(line) as { record: { id: string; status: string } };
    return record.status === 'ok' ? [record.id] : [];
  });
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString('utf8'));
    return true;
  } catch {
    return false; // torn
  }
}
