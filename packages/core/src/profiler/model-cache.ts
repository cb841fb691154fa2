/**
 * Lowered models between the visits to a kernel. When it is full a model is not kept but lowered again: making room would
 * throw out exactly those that are needed next.
 */
export class ModelCache {
  private readonly models = new Map<string, Uint8Array>();
  private usedBytes = 0;

  constructor(private readonly limitBytes: number) {}

  async get(id: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = this.models.get(id);
    if (kept !== undefined) return kept;
    const model = await make();
    if (this.usedBytes + model.byteLength <= this.limitBytes) {
      this.models.set(id, model);
      this.usedBytes += model.byteLength;
    }
    return model;
  }

  drop(id: string): void {
    this.usedBytes -= this.models.get(id)?.byteLength ?? 0;
    this.models.delete(id);
  }
}
