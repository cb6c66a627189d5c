import { useEffect, useMemo, useRef, useState } from 'react'
import { createImageEditorHook } from './hooks/image-editor.js'
import { createSpinHook } from './hooks/spin.js'
import { createUploaderHook } from './hooks/uploader.js'

export type { ImageEditorHookOptions, ImageEditorState } from './hooks/image-editor.js'
export type { SpinHookOptions, SpinState } from './hooks/spin.js'
export type { UploaderState } from './hooks/uploader.js'

const framework = { useEffect, useMemo, useRef, useState }

/**
 * Connects a live `@filerobot/core`, or none yet, for as long as the component is mounted.
 *
 * @example `const { status, error } = useFilerobotUploader(auth, filerobot)`
 */
export const useFilerobotUploader = /* @__PURE__ */ createUploaderHook(framework)

/**
 * Loads an image with the key for the Image Editor, and saves with the key what was made of it.
 *
 * @example `const { status, source, onSave, error } = useFilerobotImageEditor(auth, { token: 'fusqadtm', source: url })`
 */
export const useFilerobotImageEditor = /* @__PURE__ */ createImageEditorHook(framework)

/**
 * Loads the frames of a folder for the 360° spin plugin, with the key where they need it.
 *
 * @example `const { status, imageListX, error } = useFilerobotSpin(auth, { token: 'fusqadtm', folder: '/spin' })`
 */
export const useFilerobotSpin = /* @__PURE__ */ createSpinHook(framework)
