// Which licences are allowed, and for what.

/** Of what is installed with the package or built into it: a notice is all that they ask for. */
export const passedOn = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']

/** Of tools besides, and of what tests load: their terms are about passing them on, and they are not passed on. */
export const forDevelopment = [...passedOn, 'BlueOak-1.0.0', 'MPL-2.0', 'CC-BY-4.0']

/** Parts of the vendor's own widgets, which the tests drive; their packages name no licence. */
export const unnamed = ['@scaleflex/react-url-builder', 'react-filerobot-media-annotator']

/** See `policy.d.mts`. */
export function isAllowed(expression, allowed) {
  if (expression.startsWith('(') && expression.endsWith(')')) return isAllowed(expression.slice(1, -1), allowed)
  // An expression with parentheses within is for a human to judge.
  return expression.split(' OR ').some(choice => choice.split(' AND ').every(licence => allowed.includes(licence)))
}

/** See `policy.d.mts`. */
export function refused(packages) {
  return packages
    .filter(({ name, licence, isPassedOn }) => {
      if (!licence) return isPassedOn || !unnamed.includes(name)
      return !isAllowed(licence, isPassedOn ? passedOn : forDevelopment)
    })
    .map(({ name, version, licence, isPassedOn }) => {
      const use = isPassedOn ? 'passed on' : 'for development'
      return `${name} ${version}, ${use}: ${licence ?? 'names no licence'}`
    })
}
