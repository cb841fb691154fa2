export function otherNode(major: number): Promise<{ file: string } | { missing: string }>;
