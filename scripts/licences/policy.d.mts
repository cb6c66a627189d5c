export interface LicensedPackage {
  name: string
  version: string
  /** As an SPDX expression: `'MIT OR Apache-2.0'`; absent where the package names none. */
  licence?: string | undefined
  /** Installed with the package, or built into it. */
  isPassedOn: boolean
}

/** SPDX identifiers. */
export const passedOn: string[]
export const forDevelopment: string[]
/** Names of packages for development that may lack a licence. */
export const unnamed: string[]

/** Whether one of the choices that an SPDX expression gives is made of allowed licences alone. */
export function isAllowed(expression: string, allowed: string[]): boolean

/** The packages whose licence is not allowed for what they are used for, in words. */
export function refused(packages: LicensedPackage[]): string[]
