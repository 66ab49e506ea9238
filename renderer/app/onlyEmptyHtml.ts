interface TrustedTypes {
  createPolicy(name: 'default', rules: { createHTML(html: string): string | null }): unknown;
}

/**
 * React Aria empties its spoken announcements with `innerHTML = ''`. The content security policy lets no text become
 * HTML; this lets the empty one, and nothing else.
 */
const { trustedTypes } = window as { readonly trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', { createHTML: (html) => (html === '' ? html : null) });
