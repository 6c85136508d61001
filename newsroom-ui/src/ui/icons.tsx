// SPDX-License-Identifier: Apache-2.0
//
// The interface's icons: strokes on a 20-unit grid, drawn for it. Never the only name of a button.
const PATHS: Record<string, string> = {
  story: "M4 3h9l3 3v11H4zM7 8h6M7 11h6M7 14h4",
  front: "M3 3h14v14H3zM3 7h14M8 7v10M8 12h9",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 8.5a1 1 0 1 0 0-.1",
  mail: "M3 5h14v10H3zM3 5.5l7 5.5 7-5.5",
  reader: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.5 17c.6-3.4 3.1-5 6.5-5s5.900 1.600 6.500 5",
  numbers: "M3 17h14M5.500 14V9M10 14V4M14.500 14v-7",
  settings: "M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500 17 17",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  check: "M4 10.500l4 4 8-9",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  back: "M12 4l-6 6 6 6",
  next: "M8 4l6 6-6 6",
  up: "M4 12l6-6 6 6",
  down: "M4 8l6 6 6-6",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z",
  italic: "M9 4h6M5 16h6M12 4 8 16",
  strike: "M4 10h12M13.500 6.500C13 5 11.800 4 10 4 8 4 6.500 5 6.500 7c0 1.300.8 2.200 2 2.700M6.300 13c.4 2 1.900 3 3.900 3 2.300 0 3.800-1.200 3.800-3 0-.9-.4-1.600-1-2.100",
  link: "M8.500 11.500l3-3M7 9 5 11a2.800 2.800 0 0 0 4 4l2-2M13 11l2-2a2.800 2.800 0 0 0-4-4L9 7",
  quote: "M4 6h5v5c0 2-1 3-3 3.500M11 6h5v5c0 2-1 3-3 3.500",
  list: "M8 5h9M8 10h9M8 15h9M4 5h.01M4 10h.01M4 15h.01",
  numbered: "M8 5h9M8 10h9M8 15h9M3.500 4l1-.500V7M3.300 9h1.900l-1.900 3h2M3.300 14h2l-1 1.200c1 .1 1.200 1.800-1 1.800",
  heading: "M5 4v12M14 4v12M5 10h9",
  box: "M3 5h14v10H3zM6 8h6M6 11h8",
  card: "M3 5h14v10H3zM12 5v10M5.500 8h4M5.500 11h3",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M10 4v12",
  source: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  undo: "M7 5 3.500 8.500 7 12M4 8.500h8a4 4 0 0 1 0 8H8",
  redo: "M13 5l3.500 3.500L13 12M16 8.500H8a4 4 0 0 0 0 8h4",
  eye: "M2 10s3-5.500 8-5.500S18 10 18 10s-3 5.500-8 5.500S2 10 2 10zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l3 2",
  lock: "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  note: "M4 4h12v9l-4 4H4zM16 13h-4v4",
  history: "M3.500 10a6.500 6.500 0 1 1 2 4.700M3 15.500l.5-3.500 3.500.5M10 6.500V10l2.500 1.500",
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  drag: "M7 5h.01M7 10h.01M7 15h.01M13 5h.01M13 10h.01M13 15h.01",
  trash: "M4 6h12M8 6V4h4v2M5.500 6l.7 11h7.600l.7-11M8.500 9v5M11.500 9v5",
  upload: "M10 13V4M6 8l4-4 4 4M4 13v4h12v-4",
  download: "M10 4v9M6 9l4 4 4-4M4 13v4h12v-4",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M4.300 15.700l1.400-1.400M14.300 5.700l1.400-1.400",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  menu: "M3 6h14M3 10h14M3 14h14",
  external: "M8 5H4v11h11v-4M11 4h5v5M16 4l-7 7",
  key: "M7 13a4 4 0 1 0 0-6 4 4 0 0 0 0 6zM10.500 10H17v3M14 10v2",
  board: "M3 4h4v12H3zM8 4h4v8H8zM13 4h4v10h-4z",
  crop: "M6 2v12h12M2 6h12v12",
  focus: "M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM3 7V3h4M17 7V3h-4M3 13v4h4M17 13v4h-4",
};
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name] ?? PATHS.more} />
    </svg>
  );
}
