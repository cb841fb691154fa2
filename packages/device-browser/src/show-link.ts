/**
 * What a user reads who is to open a link: the link, a code for a phone's camera where the link leads to this machine from there, and how.
 *
 * @param links - addresses; with `lan` those that other machines reach
 */
export async function describeLink(localLink: string, lanLinks: readonly string[], port: number): Promise<string> {
  const [first] = lanLinks;
  const shown = first ?? localLink;
  // Every start of nnm imports this package; few draw a code.
  const { default: QRCode } = await import('qrcode');
  const code = await QRCode.toString(shown, { type: 'utf8', errorCorrectionLevel: 'L' });
  const how =
    first === undefined
      ? [
          `On this machine: open it in any browser.`,
          `On a phone with USB debugging: \`adb reverse tcp:${port} tcp:${port}\`, then open it there, or scan:`,
        ]
      : [`On a phone or machine of this network; the link works once, for the first browser that opens it. Scan:`];
  const others = lanLinks.slice(1).map((link) => `Or: ${link}`);
  return ['Open this link in the browser that is to be measured, and keep its tab in front:', `  ${shown}`, ...others, ...how, code].join(
    '\n',
  );
}
