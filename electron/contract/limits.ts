/** The largest picture file that is read, in bytes: photos, feeds' pictures and pictures of the web alike. */
export const MOST_PICTURE_BYTES = 40_000_000;

/** The most pixels of a picture that are decoded into memory: 180 MB as RGB. */
export const MOST_PICTURE_PIXELS = 60_000_000;

/**
 * The most characters that are kept of products and variations of a shop's export until the other part of their family
 * has been read: at most 400 MB. A shop of 40,000 variations, each with 5,000 characters, fits.
 */
export const MOST_HELD_CHARACTERS = 200_000_000;
