export { buildOnce as default } from '../built.ts'
