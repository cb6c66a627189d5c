// Stands for the Explorer's optional plugins (progress panel, import by URL, Google Drive, Dropbox, OneDrive), which it
// imports without declaring them. Its asset picker is not used here, so none of them is ever installed.
export default function AbsentPlugin(): void {}
