/** The one origin that pages of the desktop app have. */
export const pageScheme = 'app';
export const pageOrigin = 'app://studio';
export const pageUrl = `${pageOrigin}/`;
