// Installs the Debian packages that some tests need, then runs those tests: `npm run test:debian`. Needs apt-get, and root or sudo.
// Without these packages `npm test` skips the tests by name. Every kernel in Chromium, which takes ten minutes, runs here alone.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian packages by the test file that needs them. */
const PACKAGES = {
  'packages/backend-torch/src/ort-webgpu.test.ts': ['chromium-common'],
  'packages/cli/src/commands/browser.test.ts': ['chromium'],
  'packages/cli/src/commands/android.test.ts': ['adb'],
  'packages/device-adb/src/adb-device.test.ts': ['adb'],
  'packages/cli/src/commands/whole-way.test.ts': ['chromium', 'chromium-common'],
  'packages/device-browser/src/browser-device.test.ts': ['chromium', 'firefox-esr'],
  'packages/device-browser/src/launch/reverse-port.test.ts': ['adb'],
  'packages/device-browser/src/page.test.ts': ['chromium'],
  'packages/fleet/src/fleet.test.ts': ['redis-server'],
  'packages/cli/src/commands/ssh.test.ts': ['openssh-server', 'iproute2'],
  'packages/device-ssh/src/ssh-device.test.ts': ['openssh-server'],
  'packages/report/src/page/page.test.ts': ['chromium', 'fonts-dejavu-core'],
  'packages/cli/src/live/live-page.browser.test.ts': ['chromium', 'fonts-dejavu-core'],
  'packages/model/src/read/tfjs/written-models.test.ts': ['zip'],
  'tests/installed.test.ts': ['chromium'],
  'tests/kernels-in-chromium.test.ts': ['chromium', 'chromium-common'],
  'tests/onnx-checker.test.ts': ['python3-onnx'],
  'tests/onnx-shapes.test.ts': ['python3-onnx'],
  'tests/silence.test.ts': ['strace'],
  'tests/tfjs-in-chromium.test.ts': ['chromium'],
  'tests/web-failures.test.ts': ['chromium'],
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error !== undefined) throw new Error(`${command} cannot be started (${error.code}).`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${status}.`);
}

try {
  const wanted = [...new Set(Object.values(PACKAGES).flat())];
  const missing = wanted.filter((name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0);
  if (missing.length > 0) {
    const apt = (...args) => (process.getuid?.() === 0 ? run('apt-get', args) : run('sudo', ['apt-get', ...args]));
    apt('update', '-q');
    apt('install', '-q', '-y', '--no-install-recommends', ...missing);
  }
  run(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...Object.keys(PACKAGES)], {
    env: { ...process.env, NNM_KERNELS_IN_CHROMIUM: '1' },
  });
} catch (error) {
  console.error(`test:debian: ${error.message}`);
  process.exitCode = 1;
}
