// What of @filerobot/core asks for a key, keeps it and asks again: its thunk, its client, its renewer, and Redux Toolkit's
// store, which they need. The core's own store has all of the core in it.
export { default as Client } from '@filerobot/core/lib/Client'
export { default as SassKeyRenewer } from '@filerobot/core/lib/SassKeyRenewer'
export { default as userReducer, generateUserKey, selectUserSassKey } from '@filerobot/core/lib/slices/user.slice'
export { configureStore } from '@reduxjs/toolkit'
