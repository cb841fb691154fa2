import { RuntimeUnavailableError } from '@nnm/core';

/**
 * Import a module that is served beside this one.
 *
 * @throws {@link RuntimeUnavailableError} when it is missing or blocked
 */
export async function importFrom<Module>(backend: string, url: URL): Promise<Module> {
  try {
    return (await import(url.href)) as Module;
  } catch (cause) {
    throw blocked(backend, url, cause);
  }
}

/** The version that a file of onnxruntime-web says in its first lines. */
export async function versionAt(backend: string, url: URL): Promise<string> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw blocked(backend, url, cause);
  });
  const text = response.ok ? await response.text() : '';
  return /ONNX Runtime Web v(\S+)/.exec(text.slice(0, 500))?.[1] ?? 'unknown';
}

/** The engine's name and version by what the browser calls itself, such as `Chrome 156`. */
export function engineOf(userAgent: string): string {
  const [, name, version] = /(Firefox|Chrome|Version)\/(\d+)/.exec(userAgent) ?? [];
  return name === undefined ? userAgent : `${name === 'Version' ? 'Safari' : name} ${version}`;
}

function blocked(backend: string, url: URL, cause: unknown): RuntimeUnavailableError {
  const reason = `${url.href} does not load (${cause instanceof Error ? cause.message : String(cause)})`;
  return new RuntimeUnavailableError(
    { backend, reason, hint: 'See whether something blocks it, and whether onnxruntime-web is installed whole.' },
    { cause },
  );
}
