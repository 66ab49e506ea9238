/** A decoded picture: rows of RGB bytes from the top left, no padding. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}
