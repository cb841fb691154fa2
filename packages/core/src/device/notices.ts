/** What a device tells its user, such as to open a link: whoever listens later hears what was said before, too. */
export class Notices {
  private readonly told: string[] = [];
  private readonly listeners: ((text: string) => void)[] = [];

  /** Hear what was told, and what will be. */
  listen(listener: (text: string) => void): void {
    this.listeners.push(listener);
    for (const text of this.told) listener(text);
  }

  tell(text: string): void {
    this.told.push(text);
    for (const listener of this.listeners) listener(text);
  }
}
