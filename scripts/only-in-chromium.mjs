// Files of tests by Playwright, which drives no WebKitGTK and does in Firefox not all that they need: why each of them
// runs in Chromium alone. What visitors rely on is in `test/engines`, in every engine.

/** See `engine-matrix.d.mts`. */
export const onlyInChromium = [
  {
    group: 'test/browser/demo*',
    files: /^test\/browser\/demo/,
    reason: "the demo's page, looked at through the accessibility tree, with Playwright's clipboard and clock",
    build: 'app',
  },
  {
    group: 'test/browser/service-worker',
    files: /^test\/browser\/service-worker\//,
    reason:
      'workers are killed, and pages reloaded past them, by commands of the developer tools; ' +
      'pictures, renewal, several tabs and clear() are in test/engines/service-worker.test.ts',
  },
  {
    group: 'test/browser/widgets, hooks',
    files: /^test\/browser\/widgets\/hooks\.test\.ts$/,
    reason: "React's StrictMode and the hooks, which are the framework's in every engine",
    build: 'modules',
  },
  {
    group: 'test/browser/widgets, image editor',
    files: /^test\/browser\/widgets\/image-editor/,
    reason:
      "faults of the stock editor beside the connected one, by Playwright's mouse; " +
      'opening, saving, renewal and release are in test/engines/widgets/image-editor.test.ts',
  },
  {
    group: 'test/browser/widgets, spin',
    files: /^test\/browser\/widgets\/spin/,
    reason:
      'requests are intercepted, and the garbage collector is asked to run, by Playwright; ' +
      'frames, renewal and release are in test/engines/widgets/spin.test.ts',
  },
  {
    group: 'test/browser/widgets, uploader',
    files: /^test\/browser\/widgets\/uploader/,
    reason:
      "faults of the stock widget beside the connected one, in the time of Playwright's clock; " +
      'uploads, renewal, refusal and ending are in test/engines/widgets/uploader.test.ts',
  },
]
