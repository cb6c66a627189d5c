export default {
  // One file with everything in it, as an edge platform takes it.
  build: { ssr: 'worker.js', target: 'es2022' },
  ssr: { target: 'webworker', noExternal: true },
}
