/** Whether somebody may be looking. Outside a page: yes. */
export const isVisible = () => globalThis.document?.visibilityState !== 'hidden'
