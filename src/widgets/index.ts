export type { EditedImage } from './canvas-file.js'
export type { SavedImage, SaveFailure, SaveHandler } from './edit-saving.js'
export {
  connectImageEditor,
  type ImageEditorConnection,
  type ImageEditorOptions,
} from './image-editor.js'
export type { NoticeText } from './save-notice.js'
export { connectSpin, type SpinConnection, type SpinOptions, type SpinProgress } from './spin.js'
export { connectUploader, type UploaderOptions } from './uploader.js'
export type { UploaderCore, UploaderPlugin } from './uploader-core.js'
export { uploaderHeaders } from './uploader-headers.js'
