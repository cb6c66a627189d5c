/** How an image's name ends. With the editor's `defaultSavedImageType` a second ending is behind the first: `cat.png.jpg`. */
export const IMAGE_ENDING = /(\.(apng|avif|gif|jpe?g|png|svg|webp))+$/i
