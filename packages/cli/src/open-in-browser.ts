/** Open a file or an address in the user's browser, and do not wait for it to be closed. */
export async function openInBrowser(target: string): Promise<void> {
  const { default: open } = await import('open');
  await open(target);
}
