export type { EditedImage } from './image-editor/canvas-file.js'
export {
  connectImageEditor,
  type ImageEditorConnection,
  type ImageEditorOptions,
} from './image-editor/connection.js'
export type { NoticeText } from './image-editor/notice.js'
export type { SavedImage, SaveFailure, SaveHandler } from './image-editor/saving.js'
export { connectSpin, type SpinConnection, type SpinOptions, type SpinProgress } from './spin/connection.js'
export { connectUploader, type UploaderOptions } from './uploader/connection.js'
export type { UploaderCore, UploaderPlugin } from './uploader/core.js'
export { uploaderHeaders } from './uploader/headers.js'
