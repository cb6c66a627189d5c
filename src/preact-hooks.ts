import { type ComponentChildren, createContext, createElement, type JSX } from 'preact'
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { createExternalStoreHook } from './hooks/external-store.js'
import { createImageEditorHook } from './hooks/image-editor.js'
import { createAuthHook, createKeyHook } from './hooks/key.js'
import { type AuthProviderProps, createAuthProvider } from './hooks/provider.js'
import { createSpinHook } from './hooks/spin.js'
import { createUploaderHook } from './hooks/uploader.js'
import type { Auth } from './types.js'

export type { ImageEditorHookOptions, ImageEditorState } from './hooks/image-editor.js'
export type { KeyState } from './hooks/key.js'
export type { SpinHookOptions, SpinState } from './hooks/spin.js'
export type { UploaderState } from './hooks/uploader.js'

/** What {@link FilerobotAuthProvider} takes: an `auth` that the app has made, or the options of `createAuth`. */
export type FilerobotAuthProviderProps = AuthProviderProps<ComponentChildren>

const framework = { useEffect, useMemo, useRef, useState }
const authContext = /* @__PURE__ */ createContext<Auth | undefined>(undefined)
const useProvided = () => useContext(authContext)

/**
 * Gives an auth to all components below it: one that the app has made, or one that it makes itself of the options of
 * `createAuth`, when it is first used, and disposes of when it is unmounted. Options are compared by value; another
 * function is no change, and it is the latest one that is called.
 *
 * @example `<FilerobotAuthProvider token="fusqadtm" templateId="SECU_…"><App /></FilerobotAuthProvider>`
 * @example `<FilerobotAuthProvider auth={auth}><App /></FilerobotAuthProvider>`
 * @throws {AuthError} `invalid_options`, naming the option, in rendering
 */
export const FilerobotAuthProvider: (props: FilerobotAuthProviderProps) => JSX.Element =
  /* @__PURE__ */ createAuthProvider(framework, (auth: Auth, children: ComponentChildren) =>
    createElement(authContext.Provider, { value: auth }, children),
  )

/**
 * The auth that {@link FilerobotAuthProvider} gives: for `auth.fetch`, and for the hooks of the widgets. It is the same
 * object until the provider is given another one, or other options.
 *
 * @example `const auth = useFilerobotAuth()`
 * @throws {AuthError} `invalid_options`, where there is no provider, in rendering
 */
export const useFilerobotAuth = /* @__PURE__ */ createAuthHook(useProvided)

/**
 * Obtains a key, keeps it good for as long as the component is mounted, and shows it: `{ status, key, error, retryAtMs }`.
 * Without an argument it is the provider's. Nothing is requested on a server, and the component is rendered again only
 * when one of the four is different.
 *
 * @example `const { status, key, error } = useFilerobotKey()`
 * @throws {AuthError} `invalid_options`, where there is neither an argument nor a provider, in rendering
 */
export const useFilerobotKey = /* @__PURE__ */ createKeyHook(
  framework,
  /* @__PURE__ */ createExternalStoreHook({ ...framework, useLayoutEffect }),
  useProvided,
)

/**
 * Connects a live `@filerobot/core`, or none yet, for as long as the component is mounted.
 *
 * @example `const { status, error } = useFilerobotUploader(auth, filerobot)`
 */
export const useFilerobotUploader = /* @__PURE__ */ createUploaderHook(framework)

/**
 * Loads an image with the key for the Image Editor, and saves with the key what was made of it.
 *
 * @example `const { status, source, onSave, error } = useFilerobotImageEditor(auth, { source: url })`
 */
export const useFilerobotImageEditor = /* @__PURE__ */ createImageEditorHook(framework)

/**
 * Loads the frames of a folder for the 360° spin plugin, with the key where they need it.
 *
 * @example `const { status, imageListX, error } = useFilerobotSpin(auth, { folder: '/spin' })`
 */
export const useFilerobotSpin = /* @__PURE__ */ createSpinHook(framework)
