/** The largest picture file that is read, in bytes: photos, feeds' pictures and pictures of the web alike. */
export const MOST_PICTURE_BYTES = 40_000_000;

/** The most pixels of a picture that are decoded into memory: 180 MB as RGB. */
export const MOST_PICTURE_PIXELS = 60_000_000;
