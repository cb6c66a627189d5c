export {
  connectImageEditor,
  type EditedImage,
  type ImageEditorConnection,
  type ImageEditorOptions,
  type SavedImage,
} from './image-editor.js'
export { connectSpin, type SpinConnection, type SpinOptions, type SpinProgress } from './spin.js'
export { connectUploader, type UploaderOptions } from './uploader.js'
export type { UploaderCore, UploaderPlugin } from './uploader-core.js'
export { uploaderHeaders } from './uploader-headers.js'
