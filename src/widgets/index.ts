export {
  connectImageEditor,
  type EditedImage,
  type ImageEditorConnection,
  type ImageEditorOptions,
  type SavedImage,
} from './image-editor.js'
export { connectSpin, type SpinConnection, type SpinOptions, type SpinProgress } from './spin.js'
export {
  connectUploader,
  type UploaderCore,
  type UploaderOptions,
  type UploaderPlugin,
  uploaderHeaders,
} from './uploader.js'
