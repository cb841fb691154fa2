import { userDataFile } from '@nnm/profiler';

/** Where packages are installed for the user, beyond any project. */
export function userPackagesFolder(): string {
  return userDataFile('packages');
}
