export { start } from '../peers/hand-written.ts'
