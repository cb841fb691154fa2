/** What a host is sent for a visit: the model, or only its id when the host still has it. */
export interface ModelDelivery {
  readonly id: string;
  readonly model: Uint8Array | undefined;
  /** The host keeps the model for later visits. */
  readonly keep: boolean;
  /** Models that the host may forget. */
  readonly forget: readonly string[];
}

/**
 * Keeps account of the lowered models that a host holds between the visits to a kernel, so that each is lowered and sent
 * once. When the host is full a model is not kept but sent again: making room would throw out exactly those needed next.
 */
export class ModelCache {
  private sizes = new Map<string, number>();
  private usedBytes = 0;
  private forgotten: string[] = [];

  constructor(private readonly limitBytes: number) {}

  /** @param make - lowers the model; called unless the host has it */
  async deliver(id: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<ModelDelivery> {
    const known = this.sizes.has(id);
    const model = known ? undefined : await make();
    const keep = model !== undefined && this.usedBytes + model.byteLength <= this.limitBytes;
    if (keep) {
      this.sizes.set(id, model.byteLength);
      this.usedBytes += model.byteLength;
    }
    const forget = this.forgotten;
    this.forgotten = [];
    return { id, model, keep, forget };
  }

  /** The kernel needs no further visit. */
  drop(id: string): void {
    const size = this.sizes.get(id);
    if (size === undefined) return;
    this.usedBytes -= size;
    this.sizes.delete(id);
    this.forgotten.push(id);
  }

  /** The host was restarted: it holds nothing. */
  clear(): void {
    this.sizes = new Map();
    this.usedBytes = 0;
    this.forgotten = [];
  }
}
