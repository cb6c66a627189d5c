/**
 * Bundles an entry with everything that it imports, and minifies it for ES2022.
 *
 * @param entry a path from the project's folder
 * @param external what stays outside
 * @throws {Error} where it is more than one file
 */
export function minifiedBundle(entry: string, external?: RegExp[]): Promise<string>
