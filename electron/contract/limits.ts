/** The largest picture file that is read, in bytes: photos, pictures of feeds, and pictures from the web. */
export const MOST_PICTURE_BYTES = 40_000_000;

/** The most photos of one item that are one query: its front, its back, its label. */
export const MOST_QUERY_PHOTOS = 5;

/** The most pixels of a picture that is decoded into memory: 180 MB as RGB. */
export const MOST_PICTURE_PIXELS = 60_000_000;

/**
 * The most characters of products and variations of a shop's export that are kept until the rest of their family has been
 * read: at most 400 MB. A shop of 40,000 variations with 5,000 characters each fits.
 */
export const MOST_HELD_CHARACTERS = 200_000_000;

/** Attributes that one query filters by. Each is a condition and a count of its own; 45,000 of them overflowed the stack of Lance's parser. */
export const MOST_FILTERED_ATTRIBUTES = 50;
