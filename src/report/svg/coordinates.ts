/** Width of every plot in its own units; the page stretches it to the available width. */
export const plotWidth = 1000;

/** A coordinate to one decimal. */
export function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const formattedCoordinates: string[] = [];

/**
 * Formats a coordinate for a path, to one decimal. A plot has about ten thousand different ones;
 * each is formatted once.
 */
export function formatCoordinate(value: number): string {
  const tenths = Math.round(value * 10);
  const formatted = formattedCoordinates[tenths];
  if (formatted !== undefined) return formatted;
  const text = `${tenths / 10}`;
  formattedCoordinates[tenths] = text;
  return text;
}

/** Plot units as an SVG length in percent of the plot's width. */
export function percentOfPlot(x: number): string {
  return `${roundToTenth((x / plotWidth) * 100)}%`;
}
