export type { EditedImage } from './canvas-file.js'
export type { SavedImage, SaveFailure, SaveHandler } from './edit-saving.js'
export {
  connectImageEditor,
  type ImageEditorConnection,
  type ImageEditorOptions,
} from './image-editor.js'
export type { NoticeText } from './save-notice.js'
export { connectSpin, type SpinConnection, type SpinOptions } from './spin.js'
export {
  connectUploader,
  type UploaderCore,
  type UploaderOptions,
  type UploaderPlugin,
  uploaderHeaders,
} from './uploader.js'
