export { default } from '@filerobot/core'
