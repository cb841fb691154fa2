/** Put text into the clipboard. @returns false where the browser does not let a page do that */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page without a secure origin, or without leave.
    return false;
  }
}
