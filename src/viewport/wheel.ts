// Turns wheel and trackpad events into whole slices: one notch is one slice, small trackpad steps add up.

const pixelsPerLine = 33;
const pixelsPerNotch = 120;
const trackpadPixelsPerSlice = 30;

export function wheelPixels(event: WheelEvent): number {
  return event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * pixelsPerLine : event.deltaY;
}

/** Remembers what a trackpad has left over between events. */
export function wheelSteps(): (pixels: number) => number {
  let rest = 0;
  return (pixels) => {
    if (Math.abs(pixels) >= 50) {
      rest = 0;
      return Math.sign(pixels) * Math.max(1, Math.round(Math.abs(pixels) / pixelsPerNotch));
    }
    rest += pixels;
    const whole = Math.trunc(rest / trackpadPixelsPerSlice);
    rest -= whole * trackpadPixelsPerSlice;
    return whole;
  };
}

/** Zoom factor of a wheel or drag distance: 120 px are about a fifth. */
export const zoomFactor = (pixels: number): number => Math.exp(-pixels * 0.0016);
